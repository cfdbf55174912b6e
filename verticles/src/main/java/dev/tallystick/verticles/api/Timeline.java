package dev.tallystick.verticles.api;

import dev.tallystick.core.judge.Standing;
import dev.tallystick.core.judge.Standing.SourceStanding;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.formats.Rfc3339;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a transaction, oldest first. All times are log times, so that the story is the
 * same after a replay; only a change of an open mismatch has none of its own and stands at the time
 * of its commit. At the same time: reports, then deadlines, then what they led to.
 */
final class Timeline {

  private enum Kind {
    EVENT,
    COMMAND,
    DEADLINE,
    OPENED,
    CHANGED,
    CLOSED,
    REOPENED
  }

  /**
   * @param rank among moments of the same time: 0 reports, 1 deadlines, 2 consequences
   */
  private record Moment(long atMs, int rank, Kind kind, String by, String text) {}

  private final List<Moment> moments = new ArrayList<>();

  /**
   * @param ticked sources whose deadline has passed without a final report
   * @param history messages of contracts, section 4, in order
   */
  static JsonArray of(
      List<Event> events, Standing standing, Collection<String> ticked, List<String> history) {
    Timeline timeline = new Timeline();
    events.forEach(timeline::event);
    standing.sources().stream()
        .filter(source -> ticked.contains(source.rule().name()))
        .forEach(timeline::deadline);
    history.forEach(text -> timeline.change(new JsonObject(text)));
    return timeline.toJson();
  }

  private JsonArray toJson() {
    // Stable: what is equal stays in the order of source and offset, and of seq.
    moments.sort(Comparator.comparingLong(Moment::atMs).thenComparingInt(Moment::rank));
    JsonArray json = new JsonArray();
    for (Moment moment : moments) {
      json.add(
          new JsonObject()
              .put("at", Json.time(moment.atMs()))
              .put("kind", moment.kind().name())
              .put("by", moment.by())
              .put("text", moment.text()));
    }
    return json;
  }

  private void event(Event event) {
    OperatorCommand command = event.command();
    if (command == null) {
      String text =
          "%s reports %s %s, %s"
              .formatted(
                  event.source(),
                  event.type(),
                  event.status(),
                  MoneyText.of(event.amountMinor(), event.currency()));
      moments.add(new Moment(event.recordedAtMs(), 0, Kind.EVENT, event.source(), text));
    } else {
      String reason = command.reason();
      String text =
          "%s orders %s%s"
              .formatted(command.by(), event.type(), reason == null ? "" : ": " + reason);
      moments.add(new Moment(event.recordedAtMs(), 0, Kind.COMMAND, command.by(), text));
    }
  }

  private void deadline(SourceStanding source) {
    if (source.deadlineMs() != Event.NONE) {
      String name = source.rule().name();
      String text = "the time for %s to report ends".formatted(name);
      moments.add(new Moment(source.deadlineMs(), 1, Kind.DEADLINE, name, text));
    }
  }

  private void change(JsonObject message) {
    JsonObject mismatch = message.getJsonObject("mismatch");
    Kind kind = Kind.valueOf(message.getString("change"));
    String closedBy = mismatch.getString("closed_by");
    String at =
        switch (kind) {
          case CLOSED -> mismatch.getString("closed_at");
          case CHANGED -> message.getString("committed_at");
          case OPENED, REOPENED, EVENT, COMMAND, DEADLINE -> mismatch.getString("opened_at");
        };
    moments.add(
        new Moment(
            Rfc3339.parseMs(at),
            2,
            kind,
            kind == Kind.CLOSED && closedBy != null ? closedBy : mismatch.getString("rule"),
            sentence(kind, mismatch)));
  }

  private static String sentence(Kind kind, JsonObject mismatch) {
    String type = mismatch.getString("type");
    String source = mismatch.getString("source");
    if (kind == Kind.CLOSED) {
      return "%s of %s is settled (%s)".formatted(type, source, mismatch.getString("closed_by"));
    }
    String again =
        switch (kind) {
          case REOPENED -> "again: ";
          case CHANGED -> "now: ";
          case OPENED, CLOSED, EVENT, COMMAND, DEADLINE -> "";
        };
    return again + finding(type, source, mismatch);
  }

  private static String finding(String type, String source, JsonObject mismatch) {
    return switch (type) {
      case "MISSING" -> source + " has not reported";
      case "UNEXPECTED" -> source + " reports, but was not expected to";
      case "DUPLICATE" ->
          "%s reports twice; %s is %s, then %s"
              .formatted(
                  source,
                  mismatch.getString("field"),
                  shown(mismatch, "expected"),
                  shown(mismatch, "actual"));
      default ->
          "%s differs in %s: %s instead of %s"
              .formatted(
                  source,
                  mismatch.getString("field"),
                  shown(mismatch, "actual"),
                  shown(mismatch, "expected"));
    };
  }

  private static String shown(JsonObject mismatch, String name) {
    @Nullable Object value = mismatch.getValue(name);
    String currency = mismatch.getString("currency");
    if (value instanceof Number amount && currency != null) {
      return MoneyText.of(amount.longValue(), currency);
    }
    return value == null ? "nothing" : value.toString();
  }
}
