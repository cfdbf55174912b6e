package dev.tallystick.storage.postgres;

/** A definition contradicts what is registered; the message is one line (exit 78). */
public final class VersionRefused extends RuntimeException {
  VersionRefused(String message) {
    super(message);
  }
}
