package dev.tallystick.verticles.ingest;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.Excerpt;
import dev.tallystick.formats.json.EventTexts;
import dev.tallystick.formats.json.JsonEventDecoder;
import dev.tallystick.formats.json.Refusal;
import dev.tallystick.verticles.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * From the body of a request to records that the engine will take, or to the problem that says all
 * that is wrong. The engine's own decoder decides. Belongs to one thread.
 */
final class EventIntake {

  /** Events of one array. */
  static final int EVENTS_MAX = 1_000;

  /** Stands for a txn_id that is refused anyway; a record without a key would not be read. */
  private static final byte[] NO_KEY_YET = {'?'};

  private static final String SOURCE = "/source";

  /**
   * An event that may be sent.
   *
   * @param eventId as given, or the hash of what it states
   */
  record Outgoing(String source, String eventId, ProducerRecord<byte[], byte[]> record) {}

  /** What became of a body. */
  sealed interface Outcome {}

  /**
   * Every event of it may be sent.
   *
   * @param array they are sent together or not at all
   */
  record Good(List<Outgoing> events, boolean array) implements Outcome {}

  /** None of it may be sent. */
  record Bad(Problem problem) implements Outcome {}

  /** What is wrong at which place of the body. */
  private record Wrong(
      DeadLetterReason reason, String pointer, @Nullable String value, String why) {}

  private final SortedMap<String, Entrance> entrances;
  private final JsonEventDecoder ofNobody;
  private final LongSupplier clockMs;

  EventIntake(Collection<Rulebook> rulebooks, int recordMaxBytes, LongSupplier clockMs) {
    this.entrances = Entrance.all(rulebooks, recordMaxBytes);
    this.ofNobody = Entrance.unmapped("?", recordMaxBytes);
    this.clockMs = clockMs;
  }

  /**
   * @param traceParent goes into the headers of the records; null: none
   */
  Outcome read(byte[] body, @Nullable String traceParent) {
    return switch (EventTexts.read(body, EVENTS_MAX)) {
      case EventTexts.NotJson wrong ->
          new Bad(
              Problem.of(
                  400,
                  "NOT_JSON",
                  "The body is no JSON object or array of events: " + wrong.why() + "."));
      case EventTexts.TooMany many ->
          new Bad(
              Problem.of(
                  413,
                  "TOO_MANY_EVENTS",
                  "An array may hold %d events; nothing was sent.".formatted(many.eventsMax())));
      case EventTexts.Events events -> check(events, headers(traceParent));
    };
  }

  private static List<RawRecord.Header> headers(@Nullable String traceParent) {
    return traceParent == null
        ? List.of()
        : List.of(
            new RawRecord.Header(
                TraceParent.NAME, traceParent.getBytes(StandardCharsets.US_ASCII)));
  }

  private Outcome check(EventTexts.Events events, List<RawRecord.Header> headers) {
    List<Outgoing> good = new ArrayList<>();
    List<Wrong> wrong = new ArrayList<>();
    for (int i = 0; i < events.texts().size(); i++) {
      String place = events.array() ? "/" + i : "";
      Outgoing outgoing = check(events.texts().get(i), headers, place, wrong);
      if (outgoing != null) {
        good.add(outgoing);
      }
    }
    int count = events.texts().size();
    if (count == 0) {
      return new Bad(
          Problem.of(422, "INVALID_EVENT", "The array is empty; there is nothing to send.")
              .error("", "[]", "holds no event"));
    }
    return good.size() == count
        ? new Good(good, events.array())
        : new Bad(invalid(wrong, count - good.size(), count, events.array()));
  }

  private static Problem invalid(List<Wrong> wrong, int bad, int count, boolean array) {
    Set<DeadLetterReason> reasons = EnumSet.noneOf(DeadLetterReason.class);
    wrong.forEach(each -> reasons.add(each.reason()));
    boolean size = reasons.equals(EnumSet.of(DeadLetterReason.TOO_LARGE));
    Problem problem =
        Problem.of(
            size ? 413 : 422,
            reasons.size() == 1 ? reasons.iterator().next().name() : "INVALID_EVENT",
            array
                ? "%d of %d events %s refused; none was sent."
                    .formatted(bad, count, bad == 1 ? "is" : "are")
                : "The event is refused; it was not sent.");
    for (Wrong each : wrong) {
      problem.error(each.pointer(), each.value(), each.why() + " (" + each.reason() + ")");
    }
    return problem;
  }

  /** The event to send, or null after adding all that is wrong with it. */
  private @Nullable Outgoing check(
      EventTexts.Text text, List<RawRecord.Header> headers, String place, List<Wrong> wrong) {
    if (!text.object()) {
      wrong.add(
          new Wrong(DeadLetterReason.BAD_VALUE, place, excerpt(text), "is no object: no event"));
      return null;
    }
    String name = text.sourceName();
    Entrance entrance = name == null ? null : entrances.get(name);
    RawRecord raw = new RawRecord(0, clockMs.getAsLong(), key(text), text.json(), headers);
    if (entrance == null) {
      List<Refusal> refusals = new ArrayList<>();
      ofNobody.decode(raw, refusals::add);
      Refusal ofSource = null;
      for (Refusal refusal : refusals) {
        if (refusal.pointer().equals(SOURCE)) {
          ofSource = refusal;
        } else {
          wrong.add(wrong(refusal, text, place));
        }
      }
      wrong.add(noSource(text, ofSource, place));
      return null;
    }
    Reading reading =
        entrance.contract().decode(raw, refusal -> wrong.add(wrong(refusal, text, place)));
    return reading instanceof Reading.Taken taken
        ? admit(entrance, taken, text, place, wrong)
        : null;
  }

  /** A good event: is it anybody's, and can its topic hold it? */
  private static @Nullable Outgoing admit(
      Entrance entrance,
      Reading.Taken taken,
      EventTexts.Text text,
      String place,
      List<Wrong> wrong) {
    if (entrance.membership().decide(taken) instanceof Reading.Refused nobodys) {
      wrong.add(new Wrong(nobodys.reason(), place, excerpt(text), nobodys.detail()));
      return null;
    }
    RawRecord raw = taken.raw();
    Event event = taken.event();
    JsonEventDecoder topics = entrance.topics();
    if (topics != null) {
      raw = renamed(raw, entrance);
      if (!(topics.decode(raw) instanceof Reading.Taken again)
          || !again.event().content().equals(event.content())) {
        wrong.add(
            new Wrong(
                DeadLetterReason.BAD_VALUE,
                place,
                excerpt(text),
                "cannot be written with the field names of "
                    + entrance.source()
                    + ": "
                    + entrance.names()));
        return null;
      }
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(entrance.topic(), null, raw.key(), raw.value());
    raw.headers().forEach(header -> record.headers().add(header.name(), header.value()));
    return new Outgoing(entrance.source(), event.eventId(), record);
  }

  private static RawRecord renamed(RawRecord raw, Entrance entrance) {
    byte[] value = raw.value();
    return new RawRecord(
        raw.offset(),
        raw.timestampMs(),
        raw.key(),
        value == null ? null : EventTexts.renamed(value, entrance.names()),
        raw.headers());
  }

  /**
   * @param refusal of a source that is no text; null: it is one, or absent
   */
  private Wrong noSource(EventTexts.Text text, @Nullable Refusal refusal, String place) {
    String known = "; known are " + String.join(", ", entrances.keySet());
    String pointer = place + SOURCE;
    String source = text.source();
    if (source != null) {
      return new Wrong(
          DeadLetterReason.UNKNOWN_SOURCE,
          pointer,
          Excerpt.plain(source),
          "is no known source" + known);
    }
    return refusal == null
        ? new Wrong(DeadLetterReason.MISSING_FIELD, pointer, null, "missing" + known)
        : new Wrong(refusal.reason(), pointer, refusal.value(), refusal.why() + known);
  }

  private static Wrong wrong(Refusal refusal, EventTexts.Text text, String place) {
    return new Wrong(
        refusal.reason(),
        place + refusal.pointer(),
        refusal.pointer().isEmpty() ? excerpt(text) : refusal.value(),
        refusal.why());
  }

  private static byte[] key(EventTexts.Text text) {
    String txnId = text.txnId();
    return txnId == null || txnId.isEmpty() ? NO_KEY_YET : txnId.getBytes(StandardCharsets.UTF_8);
  }

  private static String excerpt(EventTexts.Text text) {
    byte[] json = text.json();
    int shown = Math.min(json.length, 4 * Excerpt.LIMIT + 4);
    return Excerpt.plain(new String(json, 0, shown, StandardCharsets.UTF_8));
  }
}
