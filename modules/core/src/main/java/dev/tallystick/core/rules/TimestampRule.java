package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.wire.TimeText;
import org.jspecify.annotations.Nullable;

/**
 * TIMESTAMP: the sources say it occurred at times too far apart. Two times agree when either
 * tolerance covers their distance.
 *
 * @param toleranceMs milliseconds, 0 and up; 5 minutes by default (contracts, section 3)
 * @param toleranceBusinessDays Monday to Friday, by UTC date; 0: only milliseconds count
 */
public record TimestampRule(String name, long toleranceMs, int toleranceBusinessDays)
    implements Rule {

  private static final long DAY_MS = 86_400_000;

  /** 1970-01-01 was a Thursday, three days into its week. */
  private static final int EPOCH_WEEKDAY = 3;

  public TimestampRule {
    if (toleranceMs < 0 || toleranceBusinessDays < 0) {
      throw new IllegalArgumentException(
          "tolerance of " + toleranceMs + " ms, " + toleranceBusinessDays + " business days");
    }
  }

  @Override
  public MismatchType type() {
    return MismatchType.TIMESTAMP;
  }

  @Override
  public @Nullable Difference compare(Event reference, Event other) {
    long expectedMs = reference.occurredAtMs();
    long actualMs = other.occurredAtMs();
    if (expectedMs == Event.NONE || actualMs == Event.NONE) {
      return null;
    }
    long delta = actualMs - expectedMs;
    if (Math.abs(delta) <= toleranceMs || sameBusinessDays(expectedMs, actualMs)) {
      return null;
    }
    return new Difference(
        "timestamp",
        TimeText.of(expectedMs),
        TimeText.of(actualMs),
        delta,
        toleranceBusinessDays > 0 ? toleranceBusinessDays * DAY_MS : toleranceMs,
        null);
  }

  private boolean sameBusinessDays(long a, long b) {
    return toleranceBusinessDays > 0
        && Math.abs(businessDaysUpTo(a) - businessDaysUpTo(b)) <= toleranceBusinessDays;
  }

  /**
   * Business days begun up to that time, counted from a fixed Monday. The difference of two is the
   * number of business days that begin between them: Friday to Monday is one, to Sunday none.
   */
  private static long businessDaysUpTo(long ms) {
    long day = Math.floorDiv(ms, DAY_MS) + EPOCH_WEEKDAY;
    return Math.floorDiv(day, 7L) * 5 + Math.min(Math.floorMod(day, 7L) + 1, 5);
  }
}
