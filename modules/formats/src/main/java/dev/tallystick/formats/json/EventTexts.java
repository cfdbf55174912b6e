package dev.tallystick.formats.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tallystick.formats.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text that holds one event or an array of events apart, into one compact text each. It
 * knows JSON and two names; what makes an event is {@link JsonEventDecoder}'s business. Stateless,
 * usable on any thread.
 */
public final class EventTexts {

  /**
   * One of them.
   *
   * @param json without spaces, numbers as they were written, {@code source} in lower case (ASCII);
   *     for what is no object, its beginning
   * @param object false: it is something else, and no event
   * @param txnId null: there is none that is a text
   * @param source as it was written; null: there is none that is a text
   */
  public record Text(byte[] json, boolean object, @Nullable String txnId, @Nullable String source) {

    /** The source as definitions name it. */
    public @Nullable String sourceName() {
      return source == null ? null : lowerCase(source);
    }
  }

  /** What a text turned out to be. */
  public sealed interface Result {}

  /**
   * Events, unchecked.
   *
   * @param array how they were written
   */
  public record Events(List<Text> texts, boolean array) implements Result {}

  /** Not JSON, or neither an object nor an array. */
  public record NotJson(String why) implements Result {}

  /** An array of more than that many. What follows was not read. */
  public record TooMany(int eventsMax) implements Result {}

  private static final int ESCAPE_ABOVE_ASCII = 127;
  private static final int ESCAPE_NOTHING_MORE = 0;

  /** A name given twice means something else to each reader. */
  private static final JsonFactory STRICT = factory(true);

  private static final JsonFactory CHECKED = factory(false);

  private EventTexts() {}

  private static JsonFactory factory(boolean refuseNamesGivenTwice) {
    return new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        // An emoji keeps its four bytes instead of the twelve of two escapes.
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseNamesGivenTwice)
        // The text as a whole is bounded by whoever read it.
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNameLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  /**
   * @param body UTF-8 without a byte order mark
   * @param eventsMax an array of more is not read to its end
   */
  public static Result read(byte[] body, int eventsMax) {
    int wrong = StrictUtf8.firstWrong(body);
    if (wrong >= 0) {
      return new NotJson("no UTF-8 at byte " + wrong);
    }
    try (JsonParser parser = STRICT.createParser(body)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new NotJson("nothing there");
      }
      List<Text> texts = new ArrayList<>();
      boolean array = first == JsonToken.START_ARRAY;
      if (array) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (texts.size() == eventsMax) {
            return new TooMany(eventsMax);
          }
          texts.add(text(parser));
        }
      } else if (first == JsonToken.START_OBJECT) {
        texts.add(text(parser));
      } else {
        return new NotJson("neither an object nor an array");
      }
      return parser.nextToken() == null
          ? new Events(texts, array)
          : new NotJson("more follows the " + (array ? "array" : "object"));
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      return new NotJson(
          (at < 0 ? "" : "byte " + at + ": ") + Excerpt.plain(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  /**
   * The same object with other names for its own fields (not those of objects inside).
   *
   * @param object as {@link #read} has written it
   * @param names name → other name; names that are not in it stay
   */
  public static byte[] renamed(byte[] object, Map<String, String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(object.length + 64);
    try (JsonParser parser = CHECKED.createParser(object);
        JsonGenerator json = CHECKED.createGenerator(out)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.getParsingContext().getParent().inRoot()) {
          name(json, names.getOrDefault(parser.currentName(), parser.currentName()));
        } else {
          copy(parser, json);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read or written", e);
    }
    return out.toByteArray();
  }

  /** Reads one value; the parser is left at its end. */
  private static Text text(JsonParser parser) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    boolean object = parser.currentToken() == JsonToken.START_OBJECT;
    String txnId = null;
    String source = null;
    try (JsonGenerator json = CHECKED.createGenerator(out)) {
      copy(parser, json);
      int depth = parser.currentToken().isStructStart() ? 1 : 0;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (object && depth == 1 && token == JsonToken.VALUE_STRING) {
          String name = parser.currentName();
          if ("source".equals(name)) {
            source = parser.getText();
            string(json, lowerCase(source));
            continue;
          } else if ("txn_id".equals(name)) {
            txnId = parser.getText();
          }
        }
        copy(parser, json);
      }
    }
    return new Text(out.toByteArray(), object, txnId, source);
  }

  private static void copy(JsonParser parser, JsonGenerator json) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> json.writeStartObject();
      case END_OBJECT -> json.writeEndObject();
      case START_ARRAY -> json.writeStartArray();
      case END_ARRAY -> json.writeEndArray();
      case FIELD_NAME -> name(json, parser.currentName());
      case VALUE_STRING -> string(json, parser.getText());
      // 50000.0 must stay what it is: a decoder refuses it, and says so with what was written.
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.writeNumber(parser.getText());
      case VALUE_TRUE -> json.writeBoolean(true);
      case VALUE_FALSE -> json.writeBoolean(false);
      case VALUE_NULL -> json.writeNull();
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no token of a text: " + parser.currentToken());
    }
  }

  /** The parser refuses half a surrogate pair in a name. */
  private static void name(JsonGenerator json, String name) throws IOException {
    json.setHighestNonEscapedChar(ESCAPE_NOTHING_MORE);
    json.writeFieldName(name);
  }

  private static void string(JsonGenerator json, String text) throws IOException {
    escapeHalfPairs(json, text);
    json.writeString(text);
  }

  /**
   * Half of a surrogate pair has no UTF-8; it stays the escape it was, and a decoder refuses it.
   */
  private static void escapeHalfPairs(JsonGenerator json, String text) {
    json.setHighestNonEscapedChar(hasHalfPair(text) ? ESCAPE_ABOVE_ASCII : ESCAPE_NOTHING_MORE);
  }

  private static boolean hasHalfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Of ASCII letters only, as the decoder compares sources. */
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c + 32));
      }
    }
    return lower.toString();
  }
}
