package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.Event;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Epoch milliseconds and PostgreSQL's times; {@link Event#NONE} is null. */
public final class Times {

  private static final long FIRST_MS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  private Times() {}

  /**
   * @throws IllegalArgumentException outside the years 1 to 9999: the client would store infinity
   */
  public static @Nullable OffsetDateTime at(long ms) {
    return ms == Event.NONE ? null : exactly(ms);
  }

  public static OffsetDateTime exactly(long ms) {
    if (ms < FIRST_MS || ms > LAST_MS) {
      throw new IllegalArgumentException("time " + ms + " ms is outside the years 1 to 9999");
    }
    return OffsetDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
  }

  /** For records whose time may be the very thing that is wrong: the nearest that can be stored. */
  public static OffsetDateTime nearest(long ms) {
    return exactly(Math.clamp(ms, FIRST_MS, LAST_MS));
  }

  public static long ms(@Nullable OffsetDateTime at) {
    return at == null ? Event.NONE : at.toInstant().toEpochMilli();
  }
}
