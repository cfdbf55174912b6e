package dev.tallystick.core.engine;

import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.State;

/**
 * One announced change of one mismatch; it is stored under {@code seq} with the commit that made it
 * true.
 *
 * @param version of the transaction's row after that commit
 */
public record Change(
    long seq, Kind kind, String txnId, State state, String label, long version, Mismatch mismatch) {

  /** REOPENED is a new episode of a mismatch that had been closed. */
  public enum Kind {
    OPENED,
    CHANGED,
    CLOSED,
    REOPENED
  }
}
