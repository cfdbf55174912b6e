package dev.tallystick.simulator.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tallystick.simulator.oracle.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The columns {@code events} and {@code tallies} of a row, read as V1__engine.sql describes. */
final class StoredEvents {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FIELDS =
      List.of(
          "source",
          "offset",
          "recorded_at",
          "content",
          "event_id",
          "event_type",
          "status",
          "amount",
          "currency",
          "timestamp",
          "account",
          "counterparty",
          "reference",
          "channel",
          "fee",
          "attributes");

  private StoredEvents() {}

  /** One kept event: its position, and each field as text (null: absent). */
  record Stored(String source, long offset, List<@Nullable String> values) {}

  /**
   * @throws IllegalArgumentException not the format
   */
  static List<Stored> parse(String events) {
    List<Stored> all = new ArrayList<>();
    for (JsonNode row : tree(events)) {
      List<@Nullable String> values = new ArrayList<>();
      for (int i = 0; i < FIELDS.size(); i++) {
        values.add(text(row.get(i)));
      }
      all.add(new Stored(row.path(0).asText(), row.path(1).asLong(-1), values));
    }
    return all;
  }

  /** Source → [seen_to, redeliveries]. */
  static Map<String, long[]> tallies(@Nullable String tallies) {
    Map<String, long[]> all = new TreeMap<>();
    if (tallies != null) {
      for (Map.Entry<String, JsonNode> entry : tree(tallies).properties()) {
        JsonNode pair = entry.getValue();
        all.put(entry.getKey(), new long[] {pair.path(0).asLong(-1), pair.path(1).asLong()});
      }
    }
    return all;
  }

  /** The first field in which the two differ, as {field, expected, actual}; null: none. */
  static @Nullable String @Nullable [] difference(Report expected, Stored actual) {
    List<@Nullable String> wanted = values(expected);
    boolean command = expected.command() != null;
    for (int i = 0; i < FIELDS.size(); i++) {
      String field = FIELDS.get(i);
      if (command && i != 0 && i != 1 && i != 2 && i != 4 && i != 5) {
        continue; // a command states nothing but who, what and which; its canonical form is not
        // fixed
      }
      String stored = actual.values().get(i);
      if (field.equals("event_id") && stored == null) {
        stored = expected.eventId(); // null stands for the content, which is compared itself
      }
      if (!Objects.equals(wanted.get(i), stored)) {
        return new @Nullable String[] {field, wanted.get(i), stored};
      }
    }
    return null;
  }

  private static List<@Nullable String> values(Report r) {
    List<@Nullable String> values = new ArrayList<>();
    values.add(r.source());
    values.add(Long.toString(r.offset()));
    values.add(Long.toString(r.recordedAtMs()));
    values.add(r.content());
    values.add(r.eventId());
    values.add(r.type());
    values.add(r.status());
    values.add(Long.toString(r.amountMinor()));
    values.add(r.currency());
    values.add(Long.toString(r.occurredAtMs()));
    values.add(r.account());
    values.add(r.counterparty());
    values.add(r.reference());
    values.add(r.channel());
    values.add(r.fee() == null ? null : Long.toString(r.fee()));
    values.add(r.attributes().isEmpty() ? null : JSON.valueToTree(r.attributes()).toString());
    return values;
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || node.isNull() || (node.isContainerNode() && node.isEmpty())) {
      return null;
    }
    return node.isContainerNode() ? sorted(node) : node.asText();
  }

  private static String sorted(JsonNode node) {
    Map<String, JsonNode> fields = new TreeMap<>();
    node.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return JSON.valueToTree(fields).toString();
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }
}
