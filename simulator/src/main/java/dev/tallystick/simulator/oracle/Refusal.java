package dev.tallystick.simulator.oracle;

/** Why a record is no event: expected, so a checked exception on the way out of the reader. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;
  final String reason;

  Refusal(String reason, String detail) {
    super(detail);
    this.reason = reason;
  }
}
