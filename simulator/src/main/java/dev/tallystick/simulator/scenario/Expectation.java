package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares what is expected of a transaction with an answer of the API. */
record Expectation(Step.Expect expect, String reconciliation) {

  private static final List<String> SHOWN_OF_MISMATCH =
      List.of(
          "type",
          "source",
          "field",
          "expected",
          "actual",
          "delta",
          "currency",
          "severity",
          "opened_at",
          "closed_at",
          "closed_by");

  /** The API knows no such transaction. */
  Outcome unknown() {
    return Outcome.failed(
        null, "txn_id: %s is not known in %s".formatted(expect.txnId(), reconciliation));
  }

  /** Passed, or failed with every field that differs. */
  Outcome compare(JsonNode answer) {
    List<String> differences = new ArrayList<>();
    compare("state", expect.state(), answer, differences);
    compare("label", expect.label(), answer, differences);
    ObjectNode actual = JsonNodeFactory.instance.objectNode();
    for (String name : List.of("txn_id", "state", "label")) {
      actual.set(name, answer.get(name));
    }
    ExpectedMismatch wanted = expect.mismatch();
    if (wanted != null) {
      actual.set("mismatch", shown(mismatch(wanted, answer, differences)));
    }
    return differences.isEmpty()
        ? Outcome.passed(actual)
        : Outcome.failed(actual, String.join("; ", differences));
  }

  private static void compare(
      String name, @Nullable String expected, JsonNode answer, List<String> differences) {
    String actual = answer.path(name).asText();
    if (expected != null && !expected.equals(actual)) {
      differences.add("%s: expected %s, actual %s".formatted(name, expected, actual));
    }
  }

  /** The mismatch that comes nearest to the wanted one; null: there is none of its type. */
  private static @Nullable JsonNode mismatch(
      ExpectedMismatch wanted, JsonNode answer, List<String> differences) {
    JsonNode nearest = null;
    List<String> fewest = List.of();
    List<String> others = new ArrayList<>();
    for (JsonNode each : answer.path("mismatches")) {
      if (!wanted.takes(each)) {
        continue;
      }
      if (!each.path("type").asText().equals(wanted.type())) {
        others.add(each.path("type").asText());
        continue;
      }
      List<String> differing = wanted.differences(each);
      if (nearest == null || differing.size() < fewest.size()) {
        nearest = each;
        fewest = differing;
      }
    }
    if (nearest == null) {
      boolean closed = wanted.fields().has(ExpectedMismatch.CLOSED_BY);
      differences.add(
          "mismatch: expected %s, %s are: %s"
              .formatted(
                  wanted.type(),
                  closed ? "closed" : "open",
                  others.isEmpty()
                      ? "none"
                      : others.stream().sorted().collect(Collectors.joining(", "))));
    }
    differences.addAll(fewest);
    return nearest;
  }

  private static @Nullable JsonNode shown(@Nullable JsonNode mismatch) {
    if (mismatch == null) {
      return null;
    }
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    for (String name : SHOWN_OF_MISMATCH) {
      shown.set(name, mismatch.get(name));
    }
    return shown;
  }
}
