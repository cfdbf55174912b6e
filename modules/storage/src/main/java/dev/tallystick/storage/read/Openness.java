package dev.tallystick.storage.read;

/** Which mismatches: the latest episode of each is open or closed. */
public enum Openness {
  OPEN,
  CLOSED,
  ALL
}
