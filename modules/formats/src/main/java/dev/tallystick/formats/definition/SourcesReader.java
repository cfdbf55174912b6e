package dev.tallystick.formats.definition;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.formats.EventField;
import dev.tallystick.formats.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code sources:} of a definition. */
final class SourcesReader {

  /** Each source is a position in every row of progress and a column on the screen. */
  private static final int SOURCES_MAX = 16;

  private static final int TYPES_MAX = 100;
  private static final long SLA_DEFAULT_MS = 60_000;
  private static final long SLA_MAX_MS = 366L * 86_400_000;
  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
  private static final Pattern COMMANDS_TOPIC = Pattern.compile("tallystick_.+_commands");
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,40}");

  /** Who set a topic's record timestamps. */
  private enum Timestamps {
    APPEND,
    CREATE
  }

  /** Who chose a record's partition: Kafka's default by key, or somebody else. */
  private enum Partitioner {
    DEFAULT,
    OTHER
  }

  private SourcesReader() {}

  /** In the order of the definition; exactly one is the reference. */
  static List<SourceRule> read(YamlNode list, String reconciliation) {
    List<YamlNode> items = list.items();
    if (items.size() < 2 || items.size() > SOURCES_MAX) {
      throw list.problem(items.size() + " sources; 2 to " + SOURCES_MAX + " can be compared");
    }
    YamlNode reference = reference(items);
    Set<String> names = new HashSet<>();
    Set<String> topics = new HashSet<>();
    List<SourceRule> sources = new ArrayList<>();
    for (YamlNode item : items) {
      SourceRule source = source(item, item == reference);
      if (!names.add(source.name())) {
        throw item.get("name").error("is the name of another source");
      }
      if (!topics.add(source.topic())) {
        throw item.get("topic").error("is the topic of another source of " + reconciliation);
      }
      sources.add(source);
    }
    return List.copyOf(sources);
  }

  /** The one that says so, else the first. */
  private static YamlNode reference(List<YamlNode> items) {
    YamlNode found = null;
    for (YamlNode item : items) {
      YamlNode flag = item.find("reference");
      if (flag != null && flag.flag()) {
        if (found != null) {
          throw flag.error("but " + found.get("name").text() + " is the reference already");
        }
        found = item;
      }
    }
    return found == null ? items.getFirst() : found;
  }

  private static SourceRule source(YamlNode item, boolean reference) {
    item.only(
        "name",
        "topic",
        "reference",
        "sla",
        "format",
        "when",
        "types",
        "mapping",
        "timestamps",
        "partitioner");
    YamlNode name = item.get("name");
    String source = name.text(DefinitionReader.NAME, DefinitionReader.A_NAME);
    if (source.equals(Event.OPERATOR)) {
      throw name.error("is the built-in source of commands");
    }
    YamlNode sla = item.find("sla");
    Condition when = DefinitionReader.condition(item.find("when"));
    YamlNode timestamps = item.find("timestamps");
    YamlNode partitioner = item.find("partitioner");
    return new SourceRule(
        source,
        topic(item.get("topic")),
        reference,
        sla == null ? SLA_DEFAULT_MS : sla.durationMs(1, SLA_MAX_MS),
        when,
        types(item.find("types")),
        timestamps != null && timestamps.choice(Timestamps.class) == Timestamps.CREATE,
        partitioner != null && partitioner.choice(Partitioner.class) == Partitioner.OTHER,
        format(item.find("format")),
        mapping(item.find("mapping")));
  }

  private static String topic(YamlNode node) {
    String topic = node.text(TOPIC, "a topic ([a-zA-Z0-9._-]{1,249})");
    if (COMMANDS_TOPIC.matcher(topic).matches()) {
      throw node.error("is a topic of operators' commands");
    }
    return topic;
  }

  private static String format(@Nullable YamlNode node) {
    if (node != null && !node.text().equals("json")) {
      throw node.error("is not available; the format is json");
    }
    return "json";
  }

  private static Set<String> types(@Nullable YamlNode node) {
    if (node == null) {
      return Set.of();
    }
    Set<String> types = new TreeSet<>();
    for (YamlNode item : node.items()) {
      if (!types.add(item.text(TYPE, "an event type ([A-Z_]{1,40})"))) {
        throw item.error("is listed twice");
      }
    }
    if (types.isEmpty() || types.size() > TYPES_MAX) {
      throw node.problem(types.size() + " types; 1 to " + TYPES_MAX + " can be listed");
    }
    return Set.copyOf(types);
  }

  /** Event field → payload field, so that no payload field is read as two. */
  private static Map<String, String> mapping(@Nullable YamlNode node) {
    if (node == null) {
      return Map.of();
    }
    Map<String, String> mapping = new TreeMap<>();
    for (Map.Entry<String, YamlNode> entry : node.entries().entrySet()) {
      if (EventField.of(entry.getKey()) == null) {
        throw entry.getValue().problem("is no field of an event");
      }
      mapping.put(entry.getKey(), entry.getValue().text());
    }
    Map<String, String> readers = new LinkedHashMap<>();
    for (EventField field : EventField.values()) {
      String payloadName = mapping.getOrDefault(field.wireName(), field.wireName());
      String other = readers.putIfAbsent(payloadName, field.wireName());
      if (other != null) {
        String mapped = mapping.containsKey(field.wireName()) ? field.wireName() : other;
        String unmapped = mapped.equals(other) ? field.wireName() : other;
        throw node.get(mapped).error("is read as " + unmapped + " already");
      }
    }
    return Map.copyOf(mapping);
  }
}
