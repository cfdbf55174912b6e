package dev.tallystick.storage.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.wire.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The column {@code transactions.events}: a JSON array of arrays whose places are described in
 * {@code V1__engine.sql}. Empty texts and {@link Event#NONE} are null; trailing nulls are left out;
 * an event id that is the content's hexadecimal form is null. What is read equals what was written.
 */
public final class EventsText {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Base64.Encoder TO_BASE64 = Base64.getEncoder().withoutPadding();

  private EventsText() {}

  /**
   * @throws IllegalArgumentException for U+0000, which the view could not parse
   */
  public static String write(List<Event> events) {
    JsonText json = new JsonText(256 * events.size() + 2).openArray();
    for (Event event : events) {
      write(json.openArray(), event);
      json.closeArray();
    }
    return json.closeArray().toString();
  }

  private static void write(JsonText json, Event event) {
    int last = lastPlace(event);
    json.value(event.source()).value(event.offset()).value(event.recordedAtMs());
    json.value(base64(event.content()));
    text(json, event.eventId().equals(event.content().toHex()) ? null : event.eventId());
    text(json, event.type());
    put(json, last, 6, emptyToNull(event.status()));
    put(json, last, 7, event.isCommand() && event.amountMinor() == 0, event.amountMinor());
    put(json, last, 8, emptyToNull(event.currency()));
    put(json, last, 9, event.occurredAtMs() == Event.NONE, event.occurredAtMs());
    put(json, last, 10, event.account());
    put(json, last, 11, event.counterparty());
    put(json, last, 12, event.reference());
    put(json, last, 13, event.channel());
    put(json, last, 14, event.feeMinor() == Event.NONE, event.feeMinor());
    if (last >= 15) {
      attributes(json, event.attributes());
    }
    OperatorCommand command = event.command();
    if (command != null) {
      command(json, command);
    }
  }

  /** The last place that holds something; a report always has its amount. */
  private static int lastPlace(Event event) {
    if (event.isCommand()) {
      return 16;
    }
    if (!event.attributes().isEmpty()) {
      return 15;
    }
    if (event.feeMinor() != Event.NONE) {
      return 14;
    }
    @Nullable String[] texts = {
      event.account(), event.counterparty(), event.reference(), event.channel()
    };
    for (int i = texts.length - 1; i >= 0; i--) {
      if (texts[i] != null) {
        return 10 + i;
      }
    }
    if (event.occurredAtMs() != Event.NONE) {
      return 9;
    }
    return event.currency().isEmpty() ? 7 : 8;
  }

  private static void put(JsonText json, int last, int place, @Nullable String value) {
    if (place <= last) {
      text(json, value);
    }
  }

  private static void put(JsonText json, int last, int place, boolean absent, long value) {
    if (place > last) {
      return;
    }
    if (absent) {
      json.nothing();
    } else {
      json.value(value);
    }
  }

  private static void text(JsonText json, @Nullable String value) {
    if (value != null && value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "U+0000 in \"" + value.replace('\0', '\u2400') + "\": PostgreSQL cannot hold it");
    }
    json.value(value);
  }

  private static void attributes(JsonText json, Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      json.nothing();
      return;
    }
    json.openObject();
    attributes.forEach(
        (name, value) -> {
          if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("U+0000 in the name of an attribute");
          }
          text(json.name(name), value);
        });
    json.closeObject();
  }

  private static void command(JsonText json, OperatorCommand command) {
    json.openObject();
    text(json.name("by"), command.by());
    text(json.name("reason"), command.reason());
    json.name("accepts").openArray();
    for (OperatorCommand.Accepted accepted : command.accepts()) {
      json.openObject().name("type").value(accepted.type().name());
      text(json.name("source"), accepted.source());
      text(json.name("field"), accepted.field());
      text(json.name("expected"), accepted.expected());
      text(json.name("actual"), accepted.actual());
      json.closeObject();
    }
    json.closeArray().name("version").value(command.version()).closeObject();
  }

  /**
   * @throws IllegalStateException for a text that {@link #write} cannot have written
   */
  public static List<Event> read(String txnId, String text) {
    try (JsonParser in = JSON.createParser(text)) {
      List<Event> events = new ArrayList<>();
      expect(in.nextToken(), JsonToken.START_ARRAY, txnId);
      while (in.nextToken() == JsonToken.START_ARRAY) {
        events.add(event(txnId, in));
      }
      expect(in.currentToken(), JsonToken.END_ARRAY, txnId);
      return List.copyOf(events);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("stored events of " + txnId + " cannot be read", e);
    }
  }

  private static Event event(String txnId, JsonParser in) throws IOException {
    Place place = new Place(in);
    String source = place.required();
    long offset = place.number(Event.NONE);
    long recordedAtMs = place.number(Event.NONE);
    ContentHash content = content(place.required());
    String eventId = place.text();
    String type = place.required();
    String status = nullToEmpty(place.text());
    long amountMinor = place.number(0);
    String currency = nullToEmpty(place.text());
    long occurredAtMs = place.number(Event.NONE);
    String account = place.text();
    String counterparty = place.text();
    String reference = place.text();
    String channel = place.text();
    long feeMinor = place.number(Event.NONE);
    Map<String, String> attributes = place.next() ? attributes(in) : Map.of();
    OperatorCommand command = place.next() ? command(in) : null;
    place.end();
    return new Event(
        txnId,
        source,
        eventId == null ? content.toHex() : eventId,
        content,
        type,
        status,
        amountMinor,
        currency,
        account,
        counterparty,
        occurredAtMs,
        reference,
        channel,
        feeMinor,
        attributes,
        command,
        offset,
        recordedAtMs);
  }

  private static Map<String, String> attributes(JsonParser in) throws IOException {
    Map<String, String> attributes = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      attributes.put(name, in.getText());
    }
    return Collections.unmodifiableMap(attributes);
  }

  private static OperatorCommand command(JsonParser in) throws IOException {
    Map<String, @Nullable String> texts = new LinkedHashMap<>();
    List<OperatorCommand.Accepted> accepts = new ArrayList<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      if (in.nextToken() == JsonToken.START_ARRAY) {
        while (in.nextToken() == JsonToken.START_OBJECT) {
          accepts.add(accepted(in));
        }
      } else {
        texts.put(name, in.getValueAsString());
      }
    }
    return new OperatorCommand(
        named(texts, "by"),
        texts.get("reason"),
        List.copyOf(accepts),
        Integer.parseInt(named(texts, "version")));
  }

  private static OperatorCommand.Accepted accepted(JsonParser in) throws IOException {
    Map<String, @Nullable String> texts = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      texts.put(name, in.getValueAsString());
    }
    return new OperatorCommand.Accepted(
        MismatchType.valueOf(named(texts, "type")),
        named(texts, "source"),
        named(texts, "field"),
        texts.get("expected"),
        texts.get("actual"));
  }

  private static String named(Map<String, @Nullable String> texts, String name) {
    String value = texts.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted, String txnId) {
    if (found != wanted) {
      throw new IllegalArgumentException(txnId + ": " + found + " instead of " + wanted);
    }
  }

  private static String base64(ContentHash hash) {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    bytes.putLong(hash.a()).putLong(hash.b()).putLong(hash.c()).putLong(hash.d());
    return TO_BASE64.encodeToString(bytes.array());
  }

  private static ContentHash content(String base64) {
    return ContentHash.of(Base64.getDecoder().decode(base64));
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String nullToEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Walks over the places of one event; past the last one everything is absent. */
  private static final class Place {
    private final JsonParser in;
    private boolean ended;

    Place(JsonParser in) {
      this.in = in;
    }

    /** Whether the next place holds something; then it is the parser's current token. */
    boolean next() throws IOException {
      if (ended) {
        return false;
      }
      JsonToken token = in.nextToken();
      ended = token == JsonToken.END_ARRAY;
      return !ended && token != JsonToken.VALUE_NULL;
    }

    @Nullable String text() throws IOException {
      return next() ? in.getText() : null;
    }

    String required() throws IOException {
      String text = text();
      if (text == null) {
        throw new IllegalArgumentException("a place that must be filled is empty");
      }
      return text;
    }

    long number(long absent) throws IOException {
      return next() ? in.getLongValue() : absent;
    }

    void end() throws IOException {
      if (!ended && in.nextToken() != JsonToken.END_ARRAY) {
        throw new IllegalArgumentException("more places than an event has");
      }
    }
  }
}
