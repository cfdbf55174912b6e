package dev.tallystick.verticles.bridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a busy address readable: up to {@value #SINGLES_MAX} messages in any second pass one by
 * one; above, they are gathered and one message names their ranges (contracts, section 4). While
 * something is gathered nothing passes, so every number either arrives or lies in a range, in
 * order. Memory is one range per stream. Time is an input; not thread-safe.
 */
final class MismatchConflation {

  static final int SINGLES_MAX = 50;
  static final long WINDOW_MS = 1_000;

  /** How long the caller lets something be gathered before it calls {@link #take}. */
  static final long GATHER_MS = 250;

  private final long[] passedAtMs = new long[SINGLES_MAX];
  private final Map<String, Range> ranges = new TreeMap<>();
  private long passed;
  private long gathered;

  private record Range(long from, long to) {
    Range unite(Range other) {
      return new Range(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  /**
   * A message has come.
   *
   * @param nowMs monotonic
   * @param stream {@code reconciliation/partition}
   * @param seq its number within the stream; after a fail-over one may come again
   * @return whether to send it now; else it is gathered
   */
  boolean passes(long nowMs, String stream, long seq) {
    int oldest = (int) (passed % SINGLES_MAX);
    boolean room = passed < SINGLES_MAX || nowMs - passedAtMs[oldest] >= WINDOW_MS;
    if (gathered == 0 && room) {
      passedAtMs[oldest] = nowMs;
      passed++;
      return true;
    }
    gathered++;
    ranges.merge(stream, new Range(seq, seq), Range::unite);
    return false;
  }

  /** Whether {@link #take} has something to give. */
  boolean isGathering() {
    return gathered > 0;
  }

  /** One message for all that is gathered, which is forgotten. Streams in order of their names. */
  String take() {
    JsonObject seq = new JsonObject();
    ranges.forEach(
        (stream, range) -> seq.put(stream, new JsonArray().add(range.from).add(range.to)));
    String text = new JsonObject().put("v", 1).put("conflated", gathered).put("seq", seq).encode();
    ranges.clear();
    gathered = 0;
    return text;
  }
}
