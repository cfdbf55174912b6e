package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * What one mismatch of a transaction shall say: the members of contracts, section 4, that are
 * given. It has to be an open one, unless {@code closed_by} is given: then one that was closed so.
 *
 * @param fields {@code type} at least; {@code source field expected actual delta currency severity
 *     closed_by} where they matter
 */
public record ExpectedMismatch(ObjectNode fields) {

  static final String CLOSED_BY = "closed_by";

  String type() {
    return fields.path("type").asText();
  }

  /** Whether a mismatch is open or closed as wanted. */
  boolean takes(JsonNode mismatch) {
    boolean closed = !mismatch.path("closed_at").isNull() && mismatch.has("closed_at");
    return closed == fields.has(CLOSED_BY);
  }

  /** Every field that is otherwise, as a sentence; empty: it holds. */
  List<String> differences(JsonNode mismatch) {
    List<String> found = new ArrayList<>();
    fields.forEachEntry(
        (name, expected) -> {
          JsonNode actual = mismatch.path(name);
          if (!same(expected, actual)) {
            found.add(
                "mismatch.%s: expected %s, actual %s"
                    .formatted(name, shown(expected), shown(actual)));
          }
        });
    return found;
  }

  private static boolean same(JsonNode expected, JsonNode actual) {
    if (expected.isNull()) {
      return actual.isNull() || actual.isMissingNode();
    }
    if (expected.isIntegralNumber() && actual.isIntegralNumber()) {
      return expected.bigIntegerValue().equals(actual.bigIntegerValue());
    }
    return expected.equals(actual);
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode()
        ? "nothing"
        : value.isTextual() ? value.asText() : value.toString();
  }

  String text() {
    StringJoiner rest = new StringJoiner(", ", " (", ")").setEmptyValue("");
    fields.forEachEntry(
        (name, value) -> {
          if (!name.equals("type")) {
            rest.add(name + " " + shown(value));
          }
        });
    return "mismatch " + type() + rest;
  }
}
