package dev.tallystick.verticles.bridge;

/**
 * When the figures may be asked for: never twice at once, and at most a tenth of the time, however
 * slow the database is. Time is an input; not thread-safe.
 */
final class KpiPace {

  static final long EVERY_MS = 1_000;

  /** Pause after a query, in its own lengths. */
  private static final long REST_FACTOR = 9;

  private boolean asking;
  private long startedMs;
  private long notBeforeMs = Long.MIN_VALUE;

  /**
   * @param nowMs monotonic
   * @return milliseconds until a query may start, 0 for now; negative: one is running
   */
  long waitMs(long nowMs) {
    if (asking) {
      return -1;
    }
    return notBeforeMs == Long.MIN_VALUE ? 0 : Math.max(0, notBeforeMs - nowMs);
  }

  void started(long nowMs) {
    asking = true;
    startedMs = nowMs;
  }

  /** It was answered, or failed. */
  void ended(long nowMs) {
    asking = false;
    long tookMs = nowMs - startedMs;
    notBeforeMs = Math.max(startedMs + EVERY_MS, nowMs + REST_FACTOR * tookMs);
  }
}
