package dev.tallystick.simulator.workload;

import dev.tallystick.simulator.definition.Definition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Field values that satisfy a definition's {@code where}, and the sources its {@code when}s then
 * expect. Found by trying: for every text field that a condition mentions, absence, the literals it
 * is compared with, and some ordinary values.
 *
 * @param fields to set on every event of the transaction
 * @param expected names of the sources that must report
 */
record Shape(Map<String, String> fields, List<String> expected) {

  private static final int COMBINATIONS_MAX = 4_096;
  private static final Pattern MENTION = Pattern.compile("event\\.([a-z_]+)");
  private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"|'([^']*)'");
  private static final Set<String> CHOSEN =
      Set.of("channel", "account", "counterparty", "reference", "currency", "status", "event_type");
  private static final List<String> CHANNELS = List.of("WEB", "CARD", "UPI");

  /**
   * Shapes that this definition takes and no other that shares a topic, grouped by the sources they
   * expect, most sources first.
   *
   * @throws IllegalArgumentException no such shape was found
   */
  static List<List<Shape>> groups(Definition definition, Collection<Definition> all) {
    Map<String, List<Shape>> groups = new TreeMap<>();
    for (Map<String, String> fields : combinations(definition, all)) {
      Map<String, Object> event = sample(fields, definition.reference().name());
      boolean elsewhere =
          all.stream()
              .filter(other -> !other.name().equals(definition.name()))
              .anyMatch(other -> share(definition, other) && other.where().test(event));
      if (definition.where().test(event) && !elsewhere) {
        List<String> expected = expected(definition, fields);
        groups
            .computeIfAbsent(expected.toString(), e -> new ArrayList<>())
            .add(new Shape(fields, expected));
      }
    }
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          "reconciliation "
              + definition.name()
              + ": no event was found that satisfies where: "
              + definition.where()
              + " and belongs to no other reconciliation of the same topics");
    }
    List<List<Shape>> sorted = new ArrayList<>(groups.values());
    sorted.sort(
        (a, b) -> Integer.compare(b.getFirst().expected.size(), a.getFirst().expected.size()));
    return sorted;
  }

  private static boolean share(Definition a, Definition b) {
    return a.sources().stream()
        .anyMatch(s -> b.sources().stream().anyMatch(t -> t.topic().equals(s.topic())));
  }

  private static List<String> expected(Definition definition, Map<String, String> fields) {
    List<String> expected = new ArrayList<>();
    for (Definition.Source source : definition.sources()) {
      boolean wanted =
          source.when() == null
              || definition.sources().stream()
                  .filter(other -> !other.name().equals(source.name()))
                  .anyMatch(other -> source.when().test(sample(fields, other.name())));
      if (wanted) {
        expected.add(source.name());
      }
    }
    return expected;
  }

  private static Map<String, Object> sample(Map<String, String> fields, String source) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("txn_id", "TXN-0-0");
    event.put("source", source);
    event.put("event_id", "TXN-0-0-" + source + "-1");
    event.put("event_type", "PAYMENT_CAPTURED");
    event.put("status", "SUCCESS");
    event.put("amount", 50_000L);
    event.put("currency", "INR");
    event.put("account", "ACC-1");
    event.put("timestamp", "2025-12-18T10:15:30.000Z");
    event.put("attributes", Map.of("rail", "UPI"));
    event.putAll(fields);
    return event;
  }

  private static List<Map<String, String>> combinations(
      Definition definition, Collection<Definition> all) {
    Map<String, Set<String>> choices = new TreeMap<>();
    for (Definition other : all) {
      mentioned(other.where().text(), choices);
    }
    mentioned(definition.where().text(), choices);
    for (Definition.Source source : definition.sources()) {
      if (source.when() != null) {
        mentioned(source.when().text(), choices);
      }
    }
    List<Map<String, String>> combinations = new ArrayList<>(List.of(Map.of()));
    choices.forEach(
        (field, values) -> {
          List<Map<String, String>> longer = new ArrayList<>(combinations);
          for (Map<String, String> base : combinations) {
            for (String value : values) {
              Map<String, String> with = new LinkedHashMap<>(base);
              with.put(field, value);
              longer.add(with);
            }
          }
          if (longer.size() <= COMBINATIONS_MAX) {
            combinations.clear();
            combinations.addAll(longer);
          }
        });
    return combinations;
  }

  private static void mentioned(String condition, Map<String, Set<String>> choices) {
    Set<String> literals = new TreeSet<>();
    Matcher literal = LITERAL.matcher(condition);
    while (literal.find()) {
      literals.add(literal.group(1) == null ? literal.group(2) : literal.group(1));
    }
    Matcher mention = MENTION.matcher(condition);
    while (mention.find()) {
      String field = mention.group(1);
      if (CHOSEN.contains(field)) {
        Set<String> values = choices.computeIfAbsent(field, f -> new TreeSet<>());
        values.addAll(literals);
        if (field.equals("channel")) {
          values.addAll(CHANNELS);
        }
      }
    }
  }
}
