package dev.tallystick.core.wire;

import java.time.LocalDate;

/**
 * Writes a time as RFC 3339 in UTC with exactly three digits of milliseconds, such as {@code
 * 2025-12-18T10:15:30.000Z}: hashed and compared byte by byte, so there is one way to write it.
 */
public final class TimeText {

  private static final long DAY_MS = 86_400_000;

  private TimeText() {}

  /**
   * @param ms epoch milliseconds, in the years 0000 to 9999
   */
  public static String of(long ms) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(ms, DAY_MS));
    int ofDayMs = (int) Math.floorMod(ms, DAY_MS);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      throw new IllegalArgumentException("year " + date.getYear() + " has not four digits");
    }
    char[] text = new char[24];
    put(text, 0, 4, date.getYear(), '-');
    put(text, 5, 2, date.getMonthValue(), '-');
    put(text, 8, 2, date.getDayOfMonth(), 'T');
    put(text, 11, 2, ofDayMs / 3_600_000, ':');
    put(text, 14, 2, ofDayMs / 60_000 % 60, ':');
    put(text, 17, 2, ofDayMs / 1_000 % 60, '.');
    put(text, 20, 3, ofDayMs % 1_000, 'Z');
    return new String(text);
  }

  private static void put(char[] text, int at, int digits, int number, char after) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    text[at + digits] = after;
  }
}
