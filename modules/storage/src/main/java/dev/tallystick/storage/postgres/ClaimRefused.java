package dev.tallystick.storage.postgres;

/** The partition must not be claimed; trying again does not help. The message is one line. */
public final class ClaimRefused extends RuntimeException {
  ClaimRefused(String message) {
    super(message);
  }
}
