package dev.tallystick.core.engine;

import dev.tallystick.core.model.TransactionRow;
import java.util.List;

/**
 * How far due rows in PostgreSQL are known: every stored row with a deadline below {@link #ms()} is
 * in memory. Time is judged no further than this, so a row that left memory is never forgotten.
 */
final class Horizon {

  private static final long END_MS = Long.MAX_VALUE;

  private final int baseLimit;
  private int limit;
  private long knownMs = Long.MIN_VALUE;
  private long leftMeanwhileMs = END_MS;
  private boolean asked;
  private boolean awaitsCommit;

  Horizon(int baseLimit) {
    this.baseLimit = baseLimit;
    this.limit = baseLimit;
  }

  long ms() {
    return knownMs;
  }

  int limit() {
    return limit;
  }

  /**
   * Whether a query is needed before time {@code watermarkMs} can be judged; then it counts as
   * sent.
   */
  boolean ask(long watermarkMs) {
    if (asked || awaitsCommit || watermarkMs <= knownMs) {
      return false;
    }
    asked = true;
    leftMeanwhileMs = END_MS;
    return true;
  }

  void failed() {
    asked = false;
  }

  /** Rows have changed: asking again may bring others than the last time. */
  void committed() {
    awaitsCommit = false;
  }

  /** A transaction with that deadline left memory. */
  void left(long deadlineMs) {
    knownMs = Math.min(knownMs, deadlineMs);
    leftMeanwhileMs = Math.min(leftMeanwhileMs, deadlineMs);
    awaitsCommit = false; // what was to be judged may be what left
  }

  /**
   * The answer is in memory.
   *
   * @param rows earliest deadline first
   * @param full there may be more
   */
  void answered(List<TransactionRow> rows, boolean full) {
    asked = false;
    if (full) {
      long firstMs = rows.getFirst().verdict().nextDeadlineMs();
      long lastMs = rows.getLast().verdict().nextDeadlineMs();
      limit = firstMs == lastMs ? limit * 2 : baseLimit; // all due at once: look further
      knownMs = Math.max(knownMs, Math.min(lastMs, leftMeanwhileMs));
      awaitsCommit = firstMs < knownMs; // those before it are judged first
    } else {
      limit = baseLimit;
      knownMs = leftMeanwhileMs;
    }
  }
}
