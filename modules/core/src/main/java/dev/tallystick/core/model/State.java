package dev.tallystick.core.model;

/**
 * What a transaction's events say now. Waiting is not broken: before its deadline a transaction is
 * PENDING and has no mismatch.
 */
public enum State {
  PENDING,
  MATCHED,
  MISMATCHED,
  OVERDUE,
  RESOLVED
}
