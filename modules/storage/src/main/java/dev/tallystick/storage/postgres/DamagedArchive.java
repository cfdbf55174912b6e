package dev.tallystick.storage.postgres;

/** An archived segment is not what was written; the message says where it breaks. */
public final class DamagedArchive extends RuntimeException {
  DamagedArchive(String message) {
    super(message);
  }
}
