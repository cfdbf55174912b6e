package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What became of a step (contracts, section 7).
 *
 * @param part the scenario it comes from, where several run as one; else null
 * @param text what the step does, as a sentence
 * @param at when it began; null: not yet
 * @param waitedMs how long it took or has taken, milliseconds; null: not begun
 * @param actual where the event went, or what was seen last; null: nothing
 * @param reason why it did not hold; null: it did, or is not over
 */
public record StepResult(
    int index,
    @Nullable String part,
    String kind,
    String text,
    Status status,
    @Nullable Instant at,
    @Nullable Long waitedMs,
    @Nullable JsonNode actual,
    @Nullable String reason) {

  /** How far it is. */
  public enum Status {
    /** Not begun; in a run that has ended: never done, because an earlier step did not hold. */
    PENDING,
    RUNNING,
    /** Done, or seen as expected. */
    PASSED,
    /** Not seen as expected in time. */
    FAILED,
    /** It could not be done: the node refused or did not answer. */
    ERROR
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  static StepResult pending(int index, @Nullable String part, Step step) {
    return new StepResult(
        index, part, step.kind(), step.text(), Status.PENDING, null, null, null, null);
  }

  StepResult begun(Instant now) {
    return new StepResult(index, part, kind, text, Status.RUNNING, now, 0L, null, null);
  }

  StepResult ended(Outcome outcome, long tookMs) {
    return new StepResult(
        index, part, kind, text, outcome.status(), at, tookMs, outcome.actual(), outcome.reason());
  }

  boolean isOver() {
    return status != Status.PENDING && status != Status.RUNNING;
  }

  /** The object of the API and of {@code --json}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
    if (part != null) {
      json.put("part", part);
    }
    json.put("kind", kind).put("text", text).put("status", status.name());
    json.put("at", time(at)).put("waited_ms", waitedMs);
    json.set("actual", actual);
    if (reason != null) {
      json.put("reason", reason);
    }
    return json;
  }

  /** RFC 3339, UTC, milliseconds. */
  static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : TIME.format(at);
  }
}
