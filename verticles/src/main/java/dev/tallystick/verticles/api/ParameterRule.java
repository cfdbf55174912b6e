package dev.tallystick.verticles.api;

import dev.tallystick.core.model.Event;
import dev.tallystick.formats.Rfc3339;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one parameter accepts, from its schema in the contract.
 *
 * @param inPath part of the path, not of the query
 * @param many may be repeated, or hold several values separated by comma
 */
record ParameterRule(String name, boolean inPath, boolean many, Form form) {

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,20}");

  /** Every keyword that is understood; a contract that uses another one must not start a server. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "type",
          "enum",
          "default",
          "format",
          "pattern",
          "minimum",
          "maximum",
          "minLength",
          "maxLength");

  sealed interface Form {
    /**
     * Null when the text is such a value, else what is wrong with it, as the rest of a sentence.
     */
    @Nullable String wrong(String text);
  }

  record WholeNumber(BigInteger min, BigInteger max) implements Form {
    @Override
    public @Nullable String wrong(String text) {
      if (!INTEGER.matcher(text).matches()) {
        return "is not a whole number";
      }
      BigInteger number = new BigInteger(text);
      return number.compareTo(min) < 0 || number.compareTo(max) > 0
          ? "is not between " + min + " and " + max
          : null;
    }
  }

  record OneOf(List<String> values) implements Form {
    @Override
    public @Nullable String wrong(String text) {
      return values.contains(text) ? null : "is none of " + String.join(", ", values);
    }
  }

  record Time() implements Form {
    @Override
    public @Nullable String wrong(String text) {
      return Rfc3339.parseMs(text) == Event.NONE
          ? "is not a time as 2025-12-18T10:15:30Z (in a query, a plus sign is %2B)"
          : null;
    }
  }

  record Text(int lengthMin, int lengthMax, @Nullable Pattern pattern) implements Form {
    @Override
    public @Nullable String wrong(String text) {
      if (text.length() < lengthMin) {
        return "is empty";
      }
      if (text.length() > lengthMax) {
        return "is longer than " + lengthMax + " characters";
      }
      Pattern shape = pattern;
      return shape == null || shape.matcher(text).find() ? null : "is not of the form " + shape;
    }
  }

  static ParameterRule of(String name, boolean inPath, boolean many, JsonObject schema) {
    for (String keyword : schema.fieldNames()) {
      if (!KEYWORDS.contains(keyword)) {
        throw new IllegalArgumentException("parameter " + name + ": nothing checks " + keyword);
      }
    }
    return new ParameterRule(name, inPath, many, form(name, schema));
  }

  private static Form form(String name, JsonObject schema) {
    JsonArray values = schema.getJsonArray("enum");
    if (values != null) {
      return new OneOf(values.stream().map(String.class::cast).toList());
    }
    String pattern = schema.getString("pattern");
    return switch (schema.getString("type")) {
      case "integer" -> new WholeNumber(bound(schema, "minimum"), bound(schema, "maximum"));
      case "string" ->
          "date-time".equals(schema.getString("format"))
              ? new Time()
              : new Text(
                  schema.getInteger("minLength", 0),
                  schema.getInteger("maxLength", Integer.MAX_VALUE),
                  pattern == null ? null : Pattern.compile(pattern));
      case String other ->
          throw new IllegalArgumentException("parameter " + name + ": nothing reads " + other);
    };
  }

  private static BigInteger bound(JsonObject schema, String keyword) {
    return new BigInteger(String.valueOf(schema.getValue(keyword)));
  }
}
