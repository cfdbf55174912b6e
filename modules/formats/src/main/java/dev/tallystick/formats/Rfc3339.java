package dev.tallystick.formats;

import dev.tallystick.core.model.Event;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Reads a time as RFC 3339 writes it, with an offset; milliseconds are kept, finer digits dropped.
 *
 * <p>Two things the RFC leaves open are closed here: date and time are joined by T or t, not by a
 * space, and second 60 is refused (no clock that Java knows can hold it).
 */
public final class Rfc3339 {

  private static final long DAY_S = 86_400;
  private static final long MIN_S = LocalDate.of(0, 1, 1).toEpochDay() * DAY_S;
  private static final long MAX_S = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY_S - 1;

  private Rfc3339() {}

  /**
   * Epoch milliseconds, or {@link Event#NONE} if it is no such time or, in UTC, not in the years
   * 0000 to 9999.
   */
  public static long parseMs(CharSequence text) {
    int length = text.length();
    if (length < 20
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) | 0x20) != 't'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return Event.NONE;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    int hour = number(text, 11, 2);
    int minute = number(text, 14, 2);
    int second = number(text, 17, 2);
    if (!isDate(year, month, day) || !isTime(hour, minute) || second < 0 || second > 59) {
      return Event.NONE;
    }
    int at = 19;
    int milli = 0;
    if (text.charAt(at) == '.') {
      int from = ++at;
      for (int scale = 100; at < length && isDigit(text.charAt(at)); at++, scale /= 10) {
        milli += scale * (text.charAt(at) - '0');
      }
      if (at == from) {
        return Event.NONE;
      }
    }
    int offsetMinutes = offset(text, at);
    if (offsetMinutes == Integer.MIN_VALUE) {
      return Event.NONE;
    }
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * DAY_S
            + hour * 3600L
            + minute * 60L
            + second
            - offsetMinutes * 60L;
    return seconds < MIN_S || seconds > MAX_S ? Event.NONE : seconds * 1000 + milli;
  }

  /** Minutes east of UTC, or {@link Integer#MIN_VALUE}; nothing may follow it. */
  private static int offset(CharSequence text, int at) {
    int left = text.length() - at;
    if (left == 1 && (text.charAt(at) | 0x20) == 'z') {
      return 0;
    }
    if (left != 6 || text.charAt(at + 3) != ':') {
      return Integer.MIN_VALUE;
    }
    char sign = text.charAt(at);
    int hour = number(text, at + 1, 2);
    int minute = number(text, at + 4, 2);
    if ((sign != '+' && sign != '-') || !isTime(hour, minute)) {
      return Integer.MIN_VALUE;
    }
    int minutes = hour * 60 + minute;
    return sign == '-' ? -minutes : minutes;
  }

  private static boolean isDate(int year, int month, int day) {
    return year >= 0
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
  }

  private static boolean isTime(int hour, int minute) {
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
  }

  /** The number, or −1 where a character is no ASCII digit. */
  private static int number(CharSequence text, int at, int digits) {
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
