package dev.tallystick.embedded;

import org.jspecify.annotations.Nullable;

/**
 * An embedded server can't be had: its directory is taken, its port is taken, or it did not start.
 * The message is one line made for the person at the terminal; the cause is for the log.
 */
public final class EmbeddedUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EmbeddedUnavailable(String message) {
    this(message, null);
  }

  public EmbeddedUnavailable(String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
