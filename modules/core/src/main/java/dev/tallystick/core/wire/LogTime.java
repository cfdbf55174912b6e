package dev.tallystick.core.wire;

import java.time.Instant;

/** Times as text. */
public final class LogTime {

  private static final int WITHOUT_FRACTION = "2025-12-18T10:15:30Z".length();

  private LogTime() {}

  /** RFC 3339 in UTC, always with three digits of milliseconds. */
  public static String text(long ms) {
    String iso = Instant.ofEpochMilli(ms).toString();
    return iso.length() == WITHOUT_FRACTION ? iso.substring(0, iso.length() - 1) + ".000Z" : iso;
  }
}
