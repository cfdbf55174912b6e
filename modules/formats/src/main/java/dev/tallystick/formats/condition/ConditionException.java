package dev.tallystick.formats.condition;

/** A text that is no condition; the message is one line and names the place in the text. */
public final class ConditionException extends Exception {
  public ConditionException(String message) {
    super(message);
  }
}
