package dev.tallystick.storage.postgres;

/** The database cannot be brought to this version's schema; the message is one line. */
public final class SchemaException extends RuntimeException {
  SchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
