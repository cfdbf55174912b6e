package dev.tallystick.core.engine;

/** An own bug: the partition stops and says so loudly; nothing is written after it. */
public final class InvariantViolation extends RuntimeException {
  public InvariantViolation(String message) {
    super(message);
  }
}
