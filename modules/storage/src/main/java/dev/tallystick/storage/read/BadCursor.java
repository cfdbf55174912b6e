package dev.tallystick.storage.read;

/** A cursor that is not one, or belongs to another list or the other direction. */
public final class BadCursor extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadCursor(String reason) {
    super(reason);
  }
}
