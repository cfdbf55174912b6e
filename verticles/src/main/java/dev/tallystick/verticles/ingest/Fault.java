package dev.tallystick.verticles.ingest;

import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failure of a producer is about. */
enum Fault {
  /** Kafka is away or slow. The producer is fine and finds it again by itself. */
  ENVIRONMENT,
  /** This record can never be written. */
  RECORD,
  /** The producer is fenced or broken and will never send again. */
  PRODUCER;

  static Fault of(Throwable failure) {
    return switch (failure) {
      case RecordTooLargeException large -> RECORD;
      case RetriableException later -> ENVIRONMENT; // Kafka's own TimeoutException is one
      case TimeoutException waited -> ENVIRONMENT;
      default -> PRODUCER;
    };
  }
}
