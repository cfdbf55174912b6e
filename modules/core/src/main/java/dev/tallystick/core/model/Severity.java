package dev.tallystick.core.model;

/** How urgent a mismatch is when it opens; age adds to it at read time. */
public enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW
}
