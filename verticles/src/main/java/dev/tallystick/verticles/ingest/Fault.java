package dev.tallystick.verticles.ingest;

import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What a failure of a producer is about. */
enum Fault {
  /** Kafka is away or slow. The producer is fine and finds it again by itself. */
  ENVIRONMENT,
  /** This record cannot be written, nor can others to its topic; the producer is fine. */
  RECORD,
  /** The producer is fenced or broken and will never send again. */
  PRODUCER;

  static Fault of(Throwable failure) {
    return switch (failure) {
      case RecordTooLargeException large -> RECORD;
      case TopicAuthorizationException forbidden -> RECORD;
      case InvalidTopicException unknown -> RECORD;
      case RetriableException later -> ENVIRONMENT; // Kafka's own TimeoutException is one
      case TimeoutException waited -> ENVIRONMENT;
      default -> PRODUCER;
    };
  }
}
