package dev.tallystick.formats.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.formats.EventField;
import dev.tallystick.formats.Excerpt;
import dev.tallystick.formats.Rfc3339;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reports of one source as JSON (contracts, section 3). The order of the checks is said in {@link
 * JsonRecordDecoder}. A field is given once; null is the same as absent; an unknown text field
 * becomes an attribute, any other unknown field is refused. Belongs to one thread.
 */
public final class JsonEventDecoder extends JsonRecordDecoder {

  /** Attributes of one event, those from unknown fields included. */
  public static final int ATTRIBUTES_MAX = 64;

  private static final int TYPE_MAX = 40;
  private static final ContentHash NOT_YET_HASHED = new ContentHash(0, 0, 0, 0);

  /** In the contract's order. */
  private static final Set<EventField> REQUIRED =
      Collections.unmodifiableSet(
          Arrays.stream(EventField.values())
              .filter(EventField::required)
              .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventField.class))));

  private final String source;
  private final Map<String, EventField> byPayloadName = new HashMap<>();
  private final Map<EventField, String> payloadNames = new EnumMap<>(EventField.class);
  private final CanonicalEvent canonical = new CanonicalEvent();

  /** What the record has given so far. */
  private final Set<EventField> given = EnumSet.noneOf(EventField.class);

  private String txnId = "";
  private @Nullable String eventId;
  private String type = "";
  private String status = "";
  private long amountMinor;
  private String currency = "";
  private @Nullable String account;
  private @Nullable String counterparty;
  private long occurredAtMs;
  private @Nullable String reference;
  private @Nullable String channel;
  private long feeMinor;
  private @Nullable SortedMap<String, String> attributes;

  /**
   * @param rule whose {@code name} is the source, and whose {@code mapping} (event field → payload
   *     field) is honoured
   * @param recordMaxBytes larger records are refused unread
   * @throws IllegalArgumentException if the mapping names no event field, or two of them read the
   *     same payload field
   */
  public JsonEventDecoder(SourceRule rule, int recordMaxBytes) {
    super(recordMaxBytes);
    source = rule.name();
    for (String field : rule.mapping().keySet()) {
      if (EventField.of(field) == null) {
        throw new IllegalArgumentException("mapping: " + Excerpt.quote(field) + " is no field");
      }
    }
    for (EventField field : EventField.values()) {
      String name = rule.mapping().getOrDefault(field.wireName(), field.wireName());
      payloadNames.put(field, name);
      if (byPayloadName.put(name, field) != null) {
        throw new IllegalArgumentException(
            "mapping: two event fields read the payload field " + Excerpt.quote(name));
      }
    }
  }

  /**
   * What the record is, and everything that is wrong with it: each refused field in the order of
   * the payload, then each missing one in the order of the contract. The first is the reading's
   * reason.
   */
  public Reading decode(RawRecord record, Consumer<Refusal> refusals) {
    return decodeAll(record, refusals);
  }

  @Override
  void begin() {
    given.clear();
    eventId = null;
    account = null;
    counterparty = null;
    reference = null;
    channel = null;
    feeMinor = Event.NONE;
    attributes = null;
  }

  @Override
  void field(String name, JsonParser parser) throws IOException {
    EventField field = byPayloadName.get(name);
    if (field == null) {
      unknown(name, parser);
      return;
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return; // many writers spell an absent field so
    }
    if (!given.add(field)) {
      refuseValue(name, parser, "is given twice");
      return;
    }
    switch (field) {
      case TXN_ID -> txnId = orEmpty(text(name, parser, TXN_ID_MAX));
      case SOURCE -> source(name, text(name, parser, TEXT_MAX));
      case EVENT_ID -> eventId = text(name, parser, EVENT_ID_MAX);
      case EVENT_TYPE -> type(name, parser);
      case STATUS -> status = orEmpty(cachedText(name, parser, TEXT_MAX));
      case AMOUNT -> amountMinor = integer(name, parser, Event.MAX_AMOUNT_MINOR);
      case CURRENCY -> currency(name, cachedText(name, parser, TEXT_MAX));
      case ACCOUNT -> account = text(name, parser, TEXT_MAX);
      case COUNTERPARTY -> counterparty = text(name, parser, TEXT_MAX);
      case TIMESTAMP -> timestamp(name, parser);
      case REFERENCE -> reference = text(name, parser, TEXT_MAX);
      case CHANNEL -> channel = cachedText(name, parser, TEXT_MAX);
      case FEE -> feeMinor = integer(name, parser, Event.MAX_AMOUNT_MINOR);
      case ATTRIBUTES -> attributes(name, parser);
    }
  }

  /** A refused text is replaced by nothing: the record is refused anyway. */
  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private void source(String name, @Nullable String text) {
    if (text != null && !isSource(text)) {
      refuseText(
          DeadLetterReason.UNKNOWN_SOURCE,
          name,
          text,
          "is not " + source + ", whose topic this is");
    }
  }

  /** ASCII letters only: a Kelvin sign is no k. */
  private boolean isSource(String text) {
    if (text.length() != source.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != source.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void type(String name, JsonParser parser) throws IOException {
    String text = cachedText(name, parser, TYPE_MAX);
    if (text == null) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '_' && (c < 'A' || c > 'Z')) {
        refuseValue(name, parser, "is not [A-Z_]{1,40}");
        return;
      }
    }
    type = text;
  }

  private void currency(String name, @Nullable String code) {
    if (code == null) {
      return;
    }
    if (!Currencies.isKnown(code)) {
      refuseText(
          DeadLetterReason.UNKNOWN_CURRENCY,
          name,
          code,
          "is no ISO 4217 currency with minor units");
    }
    currency = code;
  }

  private void timestamp(String name, JsonParser parser) throws IOException {
    String text = text(name, parser, TEXT_MAX);
    if (text == null) {
      return;
    }
    occurredAtMs = Rfc3339.parseMs(text);
    if (occurredAtMs == Event.NONE) {
      refuseValue(name, parser, "is not RFC 3339 with an offset, such as 2025-12-18T10:15:30Z");
    }
  }

  private void attributes(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      refuseValue(name, parser, "is not an object of texts");
      return;
    }
    parent = pointer(name);
    String key = parser.nextFieldName();
    while (key != null) {
      parser.nextToken();
      attribute(key, parser);
      key = parser.nextFieldName();
    }
    parent = "";
  }

  private void unknown(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      attribute(name, parser);
    } else {
      refuseValue(name, parser, "in an unknown field that is not a text");
    }
  }

  private void attribute(String name, JsonParser parser) throws IOException {
    String value = text(name, parser, TEXT_MAX);
    if (value == null) {
      return;
    }
    int length = name.length();
    if (length == 0
        || name.codePointCount(0, length) > TEXT_MAX
        || !isStorable(name.toCharArray(), 0, length)) {
      refuseValue(name, parser, "under a name that has not 1 to 1024 storable characters");
      return;
    }
    if (attributes == null) {
      attributes = new TreeMap<>();
    }
    if (attributes.size() == ATTRIBUTES_MAX) {
      refuseValue(name, parser, "is more than the " + ATTRIBUTES_MAX + " attributes allowed");
    } else if (attributes.put(name, value) != null) {
      refuseValue(name, parser, "is an attribute given twice");
    }
  }

  @Override
  @Nullable Event end(RawRecord raw) {
    if (!given.containsAll(REQUIRED)) {
      for (EventField field : REQUIRED) {
        if (!given.contains(field)) {
          String name = payloadNames.getOrDefault(field, field.wireName());
          refuse(DeadLetterReason.MISSING_FIELD, name, "missing");
        }
      }
    }
    if (isRefused()) {
      return null;
    }
    Map<String, String> sorted =
        attributes == null ? Map.of() : Collections.unmodifiableSortedMap(attributes);
    ContentHash content = canonical.hash(event(raw, "", NOT_YET_HASHED, sorted));
    return event(raw, eventId == null ? content.toHex() : eventId, content, sorted);
  }

  private Event event(
      RawRecord raw, String id, ContentHash content, Map<String, String> sortedAttributes) {
    return new Event(
        txnId,
        source,
        id,
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
        sortedAttributes,
        null,
        raw.offset(),
        raw.timestampMs());
  }
}
