package dev.tallystick.storage.postgres;

/** The server did not answer in time or not at all; trying again may help. One line. */
public final class TransientFailure extends RuntimeException {
  TransientFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
