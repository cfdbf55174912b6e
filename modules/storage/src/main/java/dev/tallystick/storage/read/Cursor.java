package dev.tallystick.storage.read;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sort key of a page's last row, as text that says nothing to others: base64url of list and
 * direction, then the key's parts, separated by U+0000, which no stored text holds. It is neither
 * secret nor signed: whoever makes one up reads what the list would have shown anyway.
 */
final class Cursor {

  private static final String SEPARATOR = "\0";
  private static final int LENGTH_MAX = 4_096;
  private static final OffsetDateTime FIRST = OffsetDateTime.parse("0001-01-01T00:00:00Z");
  private static final OffsetDateTime LAST = OffsetDateTime.parse("9999-12-31T23:59:59.999999Z");

  private final List<String> parts;

  private Cursor(List<String> parts) {
    this.parts = parts;
  }

  /** Of one row; parts by {@link #of(OffsetDateTime)}, or as they are written in decimal. */
  static String write(String list, boolean oldestFirst, Object... key) {
    StringBuilder text = new StringBuilder(tag(list, oldestFirst));
    for (Object part : key) {
      text.append(SEPARATOR).append(part);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Microseconds, as PostgreSQL counts: a coarser key would skip rows, or show them twice. */
  static String of(@Nullable OffsetDateTime at) {
    return at == null
        ? ""
        : Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()));
  }

  /**
   * @return null when there is no cursor
   * @throws BadCursor for anything that {@link #write} has not written for this list
   */
  static @Nullable Cursor read(String list, int parts, PageRequest page) {
    String text = page.cursor();
    if (text == null) {
      return null;
    }
    if (text.length() > LENGTH_MAX) {
      throw new BadCursor("a cursor has at most " + LENGTH_MAX + " characters");
    }
    List<String> found = List.of(decoded(text).split(SEPARATOR, -1));
    String tag = tag(list, page.oldestFirst());
    if (!found.getFirst().equals(tag)) {
      throw new BadCursor("the cursor is not one of " + tag);
    }
    if (found.size() != parts + 1) {
      throw new BadCursor("a cursor of " + tag + " has " + parts + " parts");
    }
    return new Cursor(found.subList(1, found.size()));
  }

  private static String tag(String list, boolean oldestFirst) {
    return list + (oldestFirst ? "/oldest" : "/newest");
  }

  private static String decoded(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String decoded = new String(bytes, StandardCharsets.UTF_8);
      if (Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), bytes)) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Told below, like the other ways of not being one.
    }
    throw new BadCursor("the cursor is damaged");
  }

  String text(int part) {
    return parts.get(part);
  }

  /** Null where the row had no time. */
  @Nullable OffsetDateTime time(int part) {
    if (text(part).isEmpty()) {
      return null;
    }
    try {
      OffsetDateTime at =
          Instant.EPOCH.plus(number(part), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
      if (!at.isBefore(FIRST) && !at.isAfter(LAST)) {
        return at;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Told below: outside what a time can be.
    }
    throw new BadCursor("the cursor's time is out of range");
  }

  OffsetDateTime requiredTime(int part) {
    OffsetDateTime at = time(part);
    if (at == null) {
      throw new BadCursor("the cursor has no time");
    }
    return at;
  }

  long number(int part) {
    try {
      long number = Long.parseLong(text(part));
      // It also reads signs, zeros in front and the digits of other scripts.
      if (Long.toString(number).equals(text(part))) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new BadCursor("the cursor is damaged");
  }

  int integer(int part) {
    long number = number(part);
    if (number != (int) number) {
      throw new BadCursor("the cursor is damaged");
    }
    return (int) number;
  }
}
