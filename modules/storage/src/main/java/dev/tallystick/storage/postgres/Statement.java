package dev.tallystick.storage.postgres;

import io.vertx.sqlclient.Tuple;

/**
 * One statement of a commit with its arrays.
 *
 * @param count rows it must touch, or {@link #ANY}
 */
record Statement(Kind kind, String sql, Tuple values, int count) {

  static final int ANY = -1;

  /** What too few rows mean. */
  enum Kind {
    /** A transaction is not as expected: a Conflict. */
    TRANSACTIONS,
    /** Progress would go back: an own bug. */
    PROGRESS,
    /** Nothing: the statement stands under the protection of the others. */
    OTHER
  }
}
