package dev.tallystick.simulator.oracle;

/** What a record turned out to be. */
public sealed interface Decoded {

  /** An event, or an operator's command. */
  record Event(Report report) implements Decoded {}

  /**
   * Not an event.
   *
   * @param reason a dead-letter reason of contracts, section 3
   */
  record Refused(String reason, String detail) implements Decoded {}
}
