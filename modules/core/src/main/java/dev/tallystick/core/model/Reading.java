package dev.tallystick.core.model;

/**
 * What became of one record when it was decoded. Every record read is exactly one of these: this is
 * where the invariant ACCOUNTED begins.
 */
public sealed interface Reading {
  RawRecord raw();

  /** An event of this reconciliation. */
  record Taken(RawRecord raw, Event event) implements Reading {}

  /**
   * Not an event, with the reason.
   *
   * @param detail names the place and the value
   * @param ours false when another reconciliation (the topic's keeper) owns the dead letter
   */
  record Refused(RawRecord raw, DeadLetterReason reason, String detail, boolean ours)
      implements Reading {}

  /** A good event that {@code where} gives to another reconciliation. */
  record NotOurs(RawRecord raw) implements Reading {}
}
