package dev.tallystick.storage.read;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.RawRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter. Key, value and headers are whole from {@link DeadLetterReads#find}; in a list key
 * and value end after {@value #EXCERPT_BYTES_MAX} bytes (maybe inside a character) and the headers
 * are empty. The arrays are never changed after construction.
 *
 * @param detail names the place and the value
 * @param keySize bytes of the whole key; 0 when there is none
 * @param size bytes of the whole value; 0 when there is none
 * @param recordedAtMs record timestamp, epoch milliseconds
 * @param createdAtMs when it was committed, by the writer's clock
 */
public record DeadLetterLine(
    String reconciliation,
    String topic,
    int partition,
    long offset,
    String source,
    DeadLetterReason reason,
    String detail,
    byte @Nullable [] key,
    byte @Nullable [] value,
    long keySize,
    long size,
    List<RawRecord.Header> headers,
    long recordedAtMs,
    long createdAtMs) {

  public static final int EXCERPT_BYTES_MAX = 1_024;
}
