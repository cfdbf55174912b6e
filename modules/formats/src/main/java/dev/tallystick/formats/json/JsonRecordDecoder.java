package dev.tallystick.formats.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.formats.EventDecoder;
import dev.tallystick.formats.Excerpt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all JSON records have in common, and the order in which they are checked; the first that
 * fails is the reason:
 *
 * <ol>
 *   <li>TOO_LARGE: key, value and headers together, before anything is parsed
 *   <li>NO_KEY: null or empty
 *   <li>BAD_VALUE: a record timestamp before 2000-01-01
 *   <li>NOT_JSON: no value, no UTF-8, no JSON, no object, or something after it
 *   <li>the first field, in the order of the payload, that is refused
 *   <li>MISSING_FIELD, in the order of the contract
 *   <li>KEY_MISMATCH: the key's bytes are not the txn_id
 * </ol>
 *
 * <p>A refused field does not end the reading, so whether a record is JSON does not depend on what
 * its fields say. A refusal names the field as a JSON pointer and the value, shortened. Belongs to
 * one thread.
 */
abstract sealed class JsonRecordDecoder implements EventDecoder
    permits JsonEventDecoder, CommandDecoder {

  /** Earlier record timestamps are refused (protocol, section 2): 2000-01-01T00:00:00Z. */
  static final long EARLIEST_RECORD_MS = 946_684_800_000L;

  static final int TXN_ID_MAX = 256;
  static final int EVENT_ID_MAX = 128;
  static final int TEXT_MAX = 1024;

  /** Longer texts are not worth a slot of the cache. */
  private static final int CACHED_MAX = 64;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          // Only UTF-8 is read, and without a byte order mark.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // The hash is seeded per process: what it does must not decide what a record is.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // The record's size is bounded before; lengths are checked field by field.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final int recordMaxBytes;
  private final TextCache cache = new TextCache();
  private @Nullable DeadLetterReason refusal;
  private String detail = "";

  /** Told of every refusal, not only of the first; null: nobody asks. */
  private @Nullable Consumer<Refusal> listener;

  /** JSON pointer of the object being read; empty at the top. */
  String parent = "";

  JsonRecordDecoder(int recordMaxBytes) {
    this.recordMaxBytes = recordMaxBytes;
  }

  /** Forgets the record before. */
  abstract void begin();

  /** Reads one field; the parser stands on the value and is left at its end. */
  abstract void field(String name, JsonParser parser) throws IOException;

  /** The event of all fields read, or null after {@link #refuse}. */
  abstract @Nullable Event end(RawRecord raw);

  /** The same reading as {@link #decode}, and everything that is wrong, in the order of reading. */
  final Reading decodeAll(RawRecord record, Consumer<Refusal> refusals) {
    listener = refusals;
    try {
      return decode(record);
    } finally {
      listener = null;
    }
  }

  @Override
  public final Reading decode(RawRecord record) {
    refusal = null;
    Event event = read(record);
    if (event != null && refusal == null) {
      return new Reading.Taken(record, event);
    }
    return new Reading.Refused(record, Objects.requireNonNull(refusal), detail, true);
  }

  private @Nullable Event read(RawRecord raw) {
    byte[] key = raw.key();
    byte[] value = raw.value();
    long sizeBytes = sizeBytes(raw);
    if (sizeBytes > recordMaxBytes) {
      return refused(
          DeadLetterReason.TOO_LARGE,
          "record: " + sizeBytes + " bytes, allowed are " + recordMaxBytes);
    } else if (key == null || key.length == 0) {
      return refused(DeadLetterReason.NO_KEY, key == null ? "key: absent" : "key: empty");
    } else if (raw.timestampMs() < EARLIEST_RECORD_MS) {
      return refused(
          DeadLetterReason.BAD_VALUE,
          "record timestamp: " + raw.timestampMs() + " ms is before 2000-01-01");
    } else if (value == null) {
      return refused(DeadLetterReason.NOT_JSON, "value: absent (a tombstone)");
    }
    int wrong = StrictUtf8.firstWrong(value);
    if (wrong >= 0) {
      return refused(DeadLetterReason.NOT_JSON, "value: no UTF-8 at byte " + wrong);
    }
    begin();
    parent = "";
    if (!parse(value) || (refusal != null && listener == null)) {
      return null;
    }
    Event event = end(raw);
    if (event != null && !spells(key, event.txnId())) {
      return refused(
          DeadLetterReason.KEY_MISMATCH,
          "key: "
              + Excerpt.quote(new String(key, StandardCharsets.UTF_8))
              + " is not the txn_id "
              + Excerpt.quote(event.txnId()));
    }
    return event;
  }

  private boolean parse(byte[] value) {
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return notJson("value: not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        field(name, parser);
      }
      if (parser.nextToken() != null) {
        return notJson("value: more follows the JSON object");
      }
      return true;
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      String where = at < 0 ? "value: " : "value: byte " + at + ": ";
      return notJson(where + Excerpt.plain(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  private boolean notJson(String what) {
    refused(DeadLetterReason.NOT_JSON, what);
    return false;
  }

  /** The record as a whole is refused, whatever its fields say. */
  private @Nullable Event refused(DeadLetterReason reason, String what) {
    refusal = reason;
    detail = what;
    tell(reason, "", null, what);
    return null;
  }

  /** Notes that a field is refused for no value of its own; the first is the record's reason. */
  final void refuse(DeadLetterReason reason, String name, String why) {
    refuse(reason, name, null, "", why);
  }

  /** The same for a text. */
  final void refuseText(DeadLetterReason reason, String name, String text, String why) {
    refuse(reason, name, Excerpt.plain(text), Excerpt.quote(text) + " ", why);
  }

  /**
   * @param value null: none
   * @param shown the value as a dead letter's detail shows it, with a space behind
   */
  private void refuse(
      DeadLetterReason reason, String name, @Nullable String value, String shown, String why) {
    String pointer = parent + pointer(name);
    if (refusal == null) {
      refusal = reason;
      detail = pointer + ": " + shown + why;
    }
    tell(reason, pointer, value, why);
  }

  private void tell(DeadLetterReason reason, String pointer, @Nullable String value, String why) {
    if (listener != null) {
      listener.accept(new Refusal(reason, pointer, value, why));
    }
  }

  final boolean isRefused() {
    return refusal != null;
  }

  /** One step of a JSON pointer (RFC 6901), shortened. */
  static String pointer(String name) {
    return "/" + Excerpt.plain(name).replace("~", "~0").replace("/", "~1");
  }

  /** Refuses a value that is of no use here, and skips what is in it. */
  final void refuseValue(String name, JsonParser parser, String why) throws IOException {
    refuse(DeadLetterReason.BAD_VALUE, name, written(parser), shown(parser) + " ", why);
    parser.skipChildren();
  }

  private static String written(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "{…}";
      case START_ARRAY -> "[…]";
      default -> Excerpt.plain(parser.getText());
    };
  }

  private static String shown(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> Excerpt.quote(parser.getText());
      default -> Excerpt.plain(parser.getText());
    };
  }

  /** A text of 1 to {@code max} characters, or null when it was refused. */
  final @Nullable String text(String name, JsonParser parser, int max) throws IOException {
    return isText(name, parser, max) ? parser.getText() : null;
  }

  /** The same for texts that repeat. */
  final @Nullable String cachedText(String name, JsonParser parser, int max) throws IOException {
    if (!isText(name, parser, max)) {
      return null;
    }
    int length = parser.getTextLength();
    return length > CACHED_MAX
        ? parser.getText()
        : cache.get(parser.getTextCharacters(), parser.getTextOffset(), length);
  }

  private boolean isText(String name, JsonParser parser, int max) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      refuseValue(name, parser, "is not a text");
      return false;
    }
    char[] chars = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int length = parser.getTextLength();
    if (length == 0 || (length > max && Character.codePointCount(chars, from, length) > max)) {
      refuseValue(name, parser, "has not 1 to " + max + " characters");
      return false;
    }
    if (!isStorable(chars, from, length)) {
      refuseValue(name, parser, "holds U+0000 or half a surrogate pair");
      return false;
    }
    return true;
  }

  /** PostgreSQL stores no U+0000, and half a pair has no UTF-8. */
  static boolean isStorable(char[] chars, int from, int length) {
    int end = from + length;
    for (int i = from; i < end; i++) {
      char c = chars[i];
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == end
            || !Character.isLowSurrogate(chars[i + 1])) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * An integer literal within ±{@code max}, or {@link Event#NONE} when it was refused: with a
   * fraction or an exponent FRACTIONAL_AMOUNT, anything else BAD_VALUE.
   */
  final long integer(String name, JsonParser parser, long max) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      String shown = Excerpt.plain(parser.getText());
      refuse(
          DeadLetterReason.FRACTIONAL_AMOUNT,
          name,
          shown,
          shown + " ",
          "is not written as an integer of minor units");
      return Event.NONE;
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      refuseValue(name, parser, "is not a JSON integer");
      return Event.NONE;
    }
    // No long has more than 19 digits and a sign; longer ones are not worth converting.
    if (parser.getTextLength() <= 20
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = parser.getLongValue();
      if (value >= -max && value <= max) {
        return value;
      }
    }
    refuseValue(name, parser, "is beyond ±" + max);
    return Event.NONE;
  }

  private static boolean spells(byte[] key, String txnId) {
    int length = txnId.length();
    if (key.length == length) {
      int i = 0;
      while (i < length && key[i] == txnId.charAt(i)) {
        i++;
      }
      if (i == length) {
        return true;
      }
    }
    return Arrays.equals(key, txnId.getBytes(StandardCharsets.UTF_8));
  }

  private static long sizeBytes(RawRecord raw) {
    long size = length(raw.key()) + length(raw.value());
    for (RawRecord.Header header : raw.headers()) {
      size += header.name().length() + length(header.value());
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
