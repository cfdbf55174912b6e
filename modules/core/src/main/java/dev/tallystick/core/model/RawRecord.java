package dev.tallystick.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as it was read: what the archive and the dead letters keep. The arrays are never
 * changed after construction.
 *
 * @param offset offset in its topic partition
 * @param timestampMs record timestamp, epoch milliseconds
 */
public record RawRecord(
    long offset,
    long timestampMs,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers) {

  /** One record header; Kafka allows a null value. */
  public record Header(String name, byte @Nullable [] value) {}
}
