package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.simulator.definition.MismatchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From a tree to a scenario. Strict: an unknown key, a wrong type, a missing field is an objection;
 * it goes on after each, so that one look shows them all (at most {@value #OBJECTIONS_MAX}).
 */
final class ScenarioReader {

  private static final int OBJECTIONS_MAX = 20;
  private static final int NAME_MAX = 128;
  private static final int TEXT_MAX = 1_024;
  private static final Set<String> STATES =
      Set.of("PENDING", "MATCHED", "MISMATCHED", "OVERDUE", "RESOLVED");
  private static final Set<String> TYPES =
      Arrays.stream(MismatchType.values()).map(Enum::name).collect(Collectors.toSet());
  private static final Set<String> SEVERITIES = Set.of("CRITICAL", "HIGH", "MEDIUM", "LOW");

  private final Document document;
  private final List<Objection> objections = new ArrayList<>();

  private ScenarioReader(Document document) {
    this.document = document;
  }

  static Scenario read(Document document) throws ScenarioRefused {
    ScenarioReader reader = new ScenarioReader(document);
    Scenario scenario = reader.scenario();
    if (!reader.objections.isEmpty()) {
      throw ScenarioRefused.invalid(
          reader.objections.subList(0, Math.min(OBJECTIONS_MAX, reader.objections.size())));
    }
    return scenario;
  }

  private Scenario scenario() {
    JsonNode root = document.root();
    if (!isObject(root, "", "name", "reconciliation", "steps")) {
      return new Scenario("", "", List.of());
    }
    String name = text(root, "", "name", NAME_MAX);
    String reconciliation = text(root, "", "reconciliation", NAME_MAX);
    JsonNode list = root.path("steps");
    List<Scenario.PartStep> steps = new ArrayList<>();
    if (list.isMissingNode()) {
      missing("", "steps");
    } else if (!list.isArray()) {
      object("/steps", list, "is not a list");
    } else if (list.isEmpty() || list.size() > Scenario.STEPS_MAX) {
      objections.add(
          document.objection(
              "/steps", list.size() + " steps", "are not 1 to " + Scenario.STEPS_MAX));
    } else {
      for (int i = 0; i < list.size(); i++) {
        Step step = step(list.get(i), "/steps/" + i);
        if (step != null) {
          steps.add(new Scenario.PartStep(name, step));
        }
      }
    }
    checkWaits(steps);
    return new Scenario(name, reconciliation, steps);
  }

  private void checkWaits(List<Scenario.PartStep> steps) {
    long waitMs = 0;
    for (Scenario.PartStep each : steps) {
      waitMs += each.step() instanceof Step.Wait wait ? wait.ms() : 0;
    }
    if (waitMs > Scenario.DURATION_MAX_MS) {
      objections.add(
          document.objection(
              "/steps",
              waitMs + " ms",
              "of waiting are more than the " + Scenario.DURATION_MAX_MS + " of a scenario"));
    }
  }

  private @Nullable Step step(JsonNode node, String pointer) {
    if (!isObject(node, pointer, "send", "send_raw", "wait_ms", "expect")) {
      return null;
    }
    if (node.size() != 1) {
      object(pointer, node, "is not exactly one of send, send_raw, wait_ms, expect");
      return null;
    }
    String kind = node.fieldNames().next();
    JsonNode value = node.path(kind);
    String at = Document.member(pointer, kind);
    return switch (kind) {
      case "send" -> send(value, at);
      case "send_raw" -> raw(value, at);
      case "wait_ms" -> new Step.Wait(integer(value, at, 0, Scenario.WAIT_MAX_MS));
      case "expect" -> expect(value, at);
      default -> null; // an unknown key, and already said
    };
  }

  private @Nullable Step send(JsonNode value, String at) {
    if (value instanceof ObjectNode event) {
      return new Step.Send(event);
    }
    object(at, value, "is not an event");
    return null;
  }

  private @Nullable Step raw(JsonNode value, String at) {
    if (!isObject(value, at, "source", "key", "base64")) {
      return null;
    }
    String source = text(value, at, "source", NAME_MAX);
    String key = optional(value, at, "key", TEXT_MAX);
    JsonNode base64 = value.path("base64");
    if (!base64.isTextual()) {
      missingOrNoText(base64, at, "base64");
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(base64.asText());
      if (bytes.length > Scenario.RAW_MAX_BYTES) {
        objections.add(
            document.objection(
                at + "/base64",
                bytes.length + " bytes",
                "are more than " + Scenario.RAW_MAX_BYTES));
      }
      return new Step.SendRaw(source, key, bytes);
    } catch (IllegalArgumentException e) {
      object(at + "/base64", base64, "is not base64: " + e.getMessage());
      return null;
    }
  }

  private @Nullable Step expect(JsonNode value, String at) {
    if (!isObject(value, at, "txn_id", "state", "label", "mismatch", "within_ms")) {
      return null;
    }
    JsonNode within = value.path("within_ms");
    JsonNode mismatch = value.path("mismatch");
    return new Step.Expect(
        text(value, at, "txn_id", NAME_MAX * 2),
        choice(value, at, "state", STATES),
        optional(value, at, "label", NAME_MAX),
        mismatch.isMissingNode() ? null : mismatch(mismatch, at + "/mismatch"),
        within.isMissingNode()
            ? Scenario.WITHIN_DEFAULT_MS
            : integer(within, at + "/within_ms", 1, Scenario.WITHIN_MAX_MS));
  }

  private @Nullable ExpectedMismatch mismatch(JsonNode value, String at) {
    if (!isObject(
        value,
        at,
        "type",
        "source",
        "field",
        "expected",
        "actual",
        "delta",
        "currency",
        "severity",
        ExpectedMismatch.CLOSED_BY)) {
      return null;
    }
    if (choice(value, at, "type", TYPES) == null) {
      missing(at, "type");
    }
    choice(value, at, "severity", SEVERITIES);
    for (String name : List.of("source", "field", "currency", ExpectedMismatch.CLOSED_BY)) {
      optional(value, at, name, NAME_MAX);
    }
    for (String name : List.of("expected", "actual")) {
      JsonNode each = value.path(name);
      if (!(each.isMissingNode() || each.isNull() || each.isTextual() || each.isIntegralNumber())) {
        object(at + "/" + name, each, "is not an integer, a text or null");
      }
    }
    JsonNode delta = value.path("delta");
    if (!(delta.isMissingNode() || delta.isNull() || delta.isIntegralNumber())) {
      object(at + "/delta", delta, "is not an integer or null");
    }
    return new ExpectedMismatch((ObjectNode) value);
  }

  private boolean isObject(JsonNode node, String pointer, String... known) {
    if (!node.isObject()) {
      object(pointer, node, "is not an object");
      return false;
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!Arrays.asList(known).contains(name)) {
                objections.add(
                    document.objection(
                        Document.member(pointer, name),
                        name,
                        "is unknown; known here: " + String.join(", ", known)));
              }
            });
    return true;
  }

  private String text(JsonNode parent, String pointer, String name, int max) {
    JsonNode value = parent.path(name);
    if (!value.isTextual()) {
      missingOrNoText(value, pointer, name);
      return "";
    }
    String text = value.asText();
    if (text.isBlank() || text.length() > max) {
      object(pointer + "/" + name, value, "is not 1 to " + max + " characters");
    }
    return text;
  }

  private @Nullable String optional(JsonNode parent, String pointer, String name, int max) {
    return parent.has(name) ? text(parent, pointer, name, max) : null;
  }

  private @Nullable String choice(
      JsonNode parent, String pointer, String name, Set<String> choices) {
    String text = optional(parent, pointer, name, NAME_MAX);
    if (text != null && !text.isEmpty() && !choices.contains(text)) {
      object(
          pointer + "/" + name,
          parent.path(name),
          "is not one of " + choices.stream().sorted().collect(Collectors.joining(", ")));
    }
    return text;
  }

  private long integer(JsonNode value, String at, long min, long max) {
    if (!value.isIntegralNumber()) {
      object(at, value, "is not an integer");
      return min;
    }
    if (!value.canConvertToLong() || value.asLong() < min || value.asLong() > max) {
      object(at, value, "is not within " + min + " to " + max);
      return min;
    }
    return value.asLong();
  }

  private void missingOrNoText(JsonNode value, String pointer, String name) {
    if (value.isMissingNode()) {
      missing(pointer, name);
    } else {
      object(pointer + "/" + name, value, "is not a text");
    }
  }

  private void missing(String pointer, String name) {
    objections.add(
        Objection.at(
            pointer + "/" + name, document.places().getOrDefault(pointer, ""), "", "is missing"));
  }

  private void object(String pointer, JsonNode value, String reason) {
    objections.add(
        document.objection(pointer, value.isTextual() ? value.asText() : value.toString(), reason));
  }
}
