package dev.tallystick.simulator.oracle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as the log holds it.
 *
 * @param timestampMs record timestamp, epoch milliseconds
 */
public record LogRecord(
    String topic,
    int partition,
    long offset,
    long timestampMs,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers) {

  /** One record header; Kafka allows a null value. */
  public record Header(String name, byte @Nullable [] value) {}
}
