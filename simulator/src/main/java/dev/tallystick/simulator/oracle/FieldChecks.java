package dev.tallystick.simulator.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.regex.Pattern;

/** What a single value has to be (contracts, section 3). */
final class FieldChecks {

  private static final long MAX_AMOUNT_MINOR = 4_000_000_000_000_000_000L;
  private static final Pattern RFC3339 =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

  private FieldChecks() {}

  /** A text of 1 to {@code max} characters that PostgreSQL can store. */
  static String text(JsonNode node, String field, int max) throws Refusal {
    if (!node.isTextual()) {
      throw new Refusal("BAD_VALUE", "/" + field + ": not a text");
    }
    storable(node.textValue(), field, max);
    return node.textValue();
  }

  /** Without U+0000 and halves of surrogate pairs (protocol, section 6). */
  static void storable(String text, String field, int max) throws Refusal {
    boolean paired = StandardCharsets.UTF_16BE.newEncoder().canEncode(text);
    int length = text.codePointCount(0, text.length());
    if (length == 0 || length > max || text.indexOf('\0') >= 0 || !paired) {
      throw new Refusal("BAD_VALUE", "/" + field + ": not 1 to " + max + " storable characters");
    }
  }

  static long integer(JsonNode node, String field) throws Refusal {
    if (node.isNumber() && !node.isIntegralNumber()) {
      throw new Refusal("FRACTIONAL_AMOUNT", "/" + field + ": " + node);
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() > MAX_AMOUNT_MINOR
        || node.longValue() < -MAX_AMOUNT_MINOR) {
      throw new Refusal("BAD_VALUE", "/" + field + ": " + node);
    }
    return node.longValue();
  }

  static void currency(String code) throws Refusal {
    try {
      if (Currency.getInstance(code).getDefaultFractionDigits() >= 0) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new Refusal("UNKNOWN_CURRENCY", "/currency: " + code);
  }

  static long instantMs(String text) throws Refusal {
    if (!RFC3339.matcher(text).matches()) {
      throw new Refusal("BAD_VALUE", "/timestamp: " + text);
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new Refusal("BAD_VALUE", "/timestamp: " + text);
    }
  }
}
