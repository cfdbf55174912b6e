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

  /** Key, value and headers together, in bytes. */
  long sizeBytes() {
    long size = length(key) + length(value);
    for (Header header : headers) {
      size += header.name().length() + length(header.value());
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** One record header; Kafka allows a null value. */
  public record Header(String name, byte @Nullable [] value) {}
}
