package dev.tallystick.verticles.ingest;

/** Not begun, and safe to try again. An expected answer: it has no stack trace. */
final class Unavailable extends Exception {

  Unavailable(String what) {
    super(what, null, false, false);
  }
}
