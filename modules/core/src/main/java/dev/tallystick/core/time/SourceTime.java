package dev.tallystick.core.time;

import dev.tallystick.core.model.Event;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The time of one source in one partition, moved by proof only (protocol, section 3): either a
 * record timestamp that was handed over, less the record skew; or T less the skew, once an
 * end-offset request sent at T was answered and the position has reached the answer. Not
 * thread-safe.
 */
public final class SourceTime {

  /** Older unreached proofs are worth nothing once newer ones are; this many are kept. */
  private static final int PROOFS_MAX = 64;

  private record Proof(long endOffset, long provenMs) {}

  private final long skewMs;
  private final long recordSkewMs;
  private final Deque<Proof> unreached = new ArrayDeque<>();
  private long timeMs = Event.NONE;

  /**
   * @param skewMs clock difference node/broker + append to high watermark
   * @param recordSkewMs how far record timestamps step back within the partition
   */
  public SourceTime(long skewMs, long recordSkewMs) {
    this.skewMs = skewMs;
    this.recordSkewMs = recordSkewMs;
  }

  /**
   * Records were handed over and the consumer's position is now {@code position}.
   *
   * @param largestTimestampMs among them, or {@link Event#NONE} without records
   */
  public void handedOver(long largestTimestampMs, long position) {
    if (largestTimestampMs != Event.NONE) {
      timeMs = Math.max(timeMs, largestTimestampMs - recordSkewMs);
    }
    while (!unreached.isEmpty() && unreached.getFirst().endOffset() <= position) {
      timeMs = Math.max(timeMs, unreached.removeFirst().provenMs());
    }
  }

  /**
   * An end-offset request was answered.
   *
   * @param sentAtMs when it was sent, not when the answer came
   * @param endOffset the high watermark, not the last stable offset
   */
  public void proof(long sentAtMs, long endOffset) {
    // A later answer with a lower end is possible only out of order; the larger end is the safe
    // one.
    long end =
        unreached.isEmpty() ? endOffset : Math.max(endOffset, unreached.getLast().endOffset());
    if (unreached.size() == PROOFS_MAX) {
      unreached.removeLast();
    }
    unreached.addLast(new Proof(end, sentAtMs - skewMs));
  }

  /** Every record with a lower timestamp is below the position; {@link Event#NONE}: unknown. */
  public long timeMs() {
    return timeMs;
  }
}
