package dev.tallystick.formats.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.OperatorCommand.Accepted;
import dev.tallystick.core.model.RawRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operators' commands from a reconciliation's own topic (contracts, section 3; protocol, section
 * 7). The event id is required: it is the command's idempotency key, and without it resolving a
 * second time after a reopen would look like a redelivery. Unknown fields are refused: a command
 * says exactly what was decided. The order of the checks is said in {@link JsonRecordDecoder}.
 * Belongs to one thread.
 */
public final class CommandDecoder extends JsonRecordDecoder {

  /** Mismatches one command may accept. */
  public static final int ACCEPTS_MAX = 256;

  private static final Set<String> TYPES =
      Set.of(
          OperatorCommand.RESOLVE,
          OperatorCommand.WRITE_OFF,
          OperatorCommand.REOPEN,
          OperatorCommand.REJUDGE);

  private static final ContentHash NOT_YET_HASHED = new ContentHash(0, 0, 0, 0);

  /** Two commands that accept the same set say the same, however they list it. */
  private static final Comparator<Accepted> BY_CONTENT =
      Comparator.comparing(Accepted::type)
          .thenComparing(Accepted::source)
          .thenComparing(Accepted::field)
          .thenComparing(Accepted::expected, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Accepted::actual, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final CanonicalEvent canonical = new CanonicalEvent();
  private final Set<String> given = new HashSet<>();
  private final List<Accepted> accepts = new ArrayList<>();

  private @Nullable String txnId;
  private @Nullable String eventId;
  private @Nullable String type;
  private @Nullable String by;
  private @Nullable String reason;
  private long version;

  /**
   * @param recordMaxBytes larger records are refused unread
   */
  public CommandDecoder(int recordMaxBytes) {
    super(recordMaxBytes);
  }

  @Override
  void begin() {
    given.clear();
    accepts.clear();
    txnId = null;
    eventId = null;
    type = null;
    by = null;
    reason = null;
    version = 0;
  }

  @Override
  void field(String name, JsonParser parser) throws IOException {
    if (!given.add(name)) {
      refuseValue(name, parser, "is given twice");
      return;
    }
    switch (name) {
      case "txn_id" -> txnId = text(name, parser, TXN_ID_MAX);
      case "event_id" -> eventId = text(name, parser, EVENT_ID_MAX);
      case "source" -> source(name, cachedText(name, parser, TEXT_MAX));
      case "event_type" -> type(name, cachedText(name, parser, TEXT_MAX));
      case "by" -> by = text(name, parser, TEXT_MAX);
      case "reason" -> reason = textOrNull(name, parser);
      case "accepts" -> accepts(name, parser);
      case "version" -> version = integer(name, parser, Integer.MAX_VALUE);
      default -> refuseValue(name, parser, "in a field that no command has");
    }
  }

  private void source(String name, @Nullable String text) {
    if (text != null && !text.equals(Event.OPERATOR)) {
      refuseText(
          DeadLetterReason.UNKNOWN_SOURCE,
          name,
          text,
          "is not " + Event.OPERATOR + ", whose topic this is");
    }
  }

  private void type(String name, @Nullable String text) {
    if (text != null && !TYPES.contains(text)) {
      refuseText(
          DeadLetterReason.BAD_VALUE, name, text, "is not RESOLVE, WRITE_OFF, REOPEN or REJUDGE");
    }
    type = text;
  }

  private @Nullable String textOrNull(String name, JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : text(name, parser, TEXT_MAX);
  }

  private void accepts(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      refuseValue(name, parser, "is not an array");
      return;
    }
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      parent = pointer(name);
      if (i == ACCEPTS_MAX) {
        refuse(DeadLetterReason.BAD_VALUE, Integer.toString(i), "only 256 can be accepted at once");
      }
      if (parser.currentToken() != JsonToken.START_OBJECT || i >= ACCEPTS_MAX) {
        refuseValue(Integer.toString(i), parser, "is not a mismatch");
        continue;
      }
      parent = pointer(name) + "/" + i;
      accepted(parser);
    }
    parent = "";
  }

  private void accepted(JsonParser parser) throws IOException {
    MismatchType mismatch = null;
    String source = null;
    String field = null;
    String expected = null;
    String actual = null;
    Set<String> names = new HashSet<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (!names.add(name)) {
        refuseValue(name, parser, "is given twice");
        continue;
      }
      switch (name) {
        case "type" -> mismatch = mismatchType(name, parser);
        case "source" -> source = text(name, parser, TEXT_MAX);
        case "field" -> field = text(name, parser, TEXT_MAX);
        case "expected" -> expected = valueOrNull(name, parser);
        case "actual" -> actual = valueOrNull(name, parser);
        default -> refuseValue(name, parser, "in a field that no mismatch has");
      }
    }
    if (mismatch != null && source != null && field != null) {
      accepts.add(new Accepted(mismatch, source, field, expected, actual));
    } else {
      String missing = mismatch == null ? "type" : source == null ? "source" : "field";
      refuse(DeadLetterReason.MISSING_FIELD, missing, "missing");
    }
  }

  private @Nullable MismatchType mismatchType(String name, JsonParser parser) throws IOException {
    String text = cachedText(name, parser, TEXT_MAX);
    for (MismatchType mismatch : MismatchType.values()) {
      if (mismatch.name().equals(text)) {
        return mismatch;
      }
    }
    refuseValue(name, parser, "is no type of mismatch");
    return null;
  }

  /** Amounts are integers on the screen's wire and decimal texts in a mismatch; both are taken. */
  private @Nullable String valueOrNull(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return Long.toString(integer(name, parser, Long.MAX_VALUE));
    }
    return textOrNull(name, parser);
  }

  @Override
  @Nullable Event end(RawRecord raw) {
    String id = required("event_id", eventId);
    String key = required("txn_id", txnId);
    String order = required("event_type", type);
    String subject = required("by", by);
    if (id == null || key == null || order == null || subject == null || !fits(order)) {
      return null;
    }
    List<Accepted> sorted = accepts.stream().sorted(BY_CONTENT).distinct().toList();
    OperatorCommand command = new OperatorCommand(subject, reason, sorted, (int) version);
    ContentHash content = canonical.hash(event(raw, key, id, order, command, NOT_YET_HASHED));
    return event(raw, key, id, order, command, content);
  }

  private @Nullable String required(String name, @Nullable String value) {
    if (value == null) {
      refuse(DeadLetterReason.MISSING_FIELD, name, "missing");
    }
    return value;
  }

  /** Only REJUDGE has a version; only RESOLVE and WRITE_OFF accept anything. */
  private boolean fits(String order) {
    boolean rejudge = order.equals(OperatorCommand.REJUDGE);
    boolean accepting =
        order.equals(OperatorCommand.RESOLVE) || order.equals(OperatorCommand.WRITE_OFF);
    if (rejudge ? version < 1 : version != 0) {
      refuse(DeadLetterReason.BAD_VALUE, "version", version + " does not go with " + order);
      return false;
    }
    if (!accepting && !accepts.isEmpty()) {
      refuse(DeadLetterReason.BAD_VALUE, "accepts", "does not go with " + order);
      return false;
    }
    return true;
  }

  private static Event event(
      RawRecord raw,
      String txnId,
      String eventId,
      String type,
      OperatorCommand command,
      ContentHash content) {
    return new Event(
        txnId,
        Event.OPERATOR,
        eventId,
        content,
        type,
        "",
        0,
        "",
        null,
        null,
        Event.NONE,
        null,
        null,
        Event.NONE,
        Map.of(),
        command,
        raw.offset(),
        raw.timestampMs());
  }
}
