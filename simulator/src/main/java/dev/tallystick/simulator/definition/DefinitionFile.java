package dev.tallystick.simulator.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads the YAML of a definition (contracts, section 5). It is not the engine's validator: it reads
 * what a valid file says, and refuses what it cannot understand by naming the key and the value.
 */
public final class DefinitionFile {

  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

  private DefinitionFile() {}

  /** All {@code *.yaml} files of a directory, by name of the reconciliation. */
  public static List<Definition> readAll(Path directory) throws IOException {
    List<Definition> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
          all.add(parse(Files.readString(file)));
        }
      }
    }
    all.sort((a, b) -> a.name().compareTo(b.name()));
    return List.copyOf(all);
  }

  /**
   * @throws IllegalArgumentException names the reconciliation, the key and the value
   */
  public static Definition parse(String text) {
    Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    Map<String, Object> top = map(tree, "the definition");
    String name = text(top.get("name"), "name", null);
    try {
      return definition(name, top);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("reconciliation " + name + ": " + e.getMessage(), e);
    }
  }

  private static Definition definition(String name, Map<String, Object> top) {
    String matchKey = text(top.get("match-key"), "match-key", "txn_id");
    if (!matchKey.equals("txn_id")) {
      throw new IllegalArgumentException("match-key: " + matchKey + ": only txn_id is understood");
    }
    List<Definition.Source> sources = new ArrayList<>();
    for (Object line : list(top.get("sources"), "sources")) {
      sources.add(source(map(line, "sources")));
    }
    if (sources.stream().noneMatch(Definition.Source::reference) && !sources.isEmpty()) {
      sources.set(0, asReference(sources.getFirst()));
    }
    if (sources.stream().filter(Definition.Source::reference).count() != 1) {
      throw new IllegalArgumentException("sources: exactly one is the reference");
    }
    List<RuleSetting> rules = new ArrayList<>();
    for (Object line : list(top.get("rules"), "rules")) {
      rules.add(rule(map(line, "rules")));
    }
    for (MismatchType type : MismatchType.values()) {
      if (rules.stream().noneMatch(rule -> rule.type() == type)) {
        rules.add(RuleSetting.defaultOf(type));
      }
    }
    return new Definition(
        name,
        (int) number(top.get("version"), "version", 1),
        validFrom(top.get("valid-from")),
        EventCondition.of(text(top.get("where"), "where", "true")),
        (int) number(top.get("partitions"), "partitions", 8),
        List.copyOf(sources),
        List.copyOf(rules));
  }

  private static Definition.Source source(Map<String, Object> line) {
    Object when = line.get("when");
    Set<String> types = new TreeSet<>();
    list(line.get("types"), "types").forEach(type -> types.add(String.valueOf(type)));
    Object mappings = line.get("mapping");
    return new Definition.Source(
        text(line.get("name"), "sources.name", null).toLowerCase(Locale.ROOT),
        text(line.get("topic"), "sources.topic", null),
        flag(line.get("reference"), "reference", false),
        durationMs(line.get("sla"), "sla", 60_000),
        when == null ? null : EventCondition.of(when.toString()),
        types,
        text(line.get("format"), "format", "json"),
        mappings == null ? Map.of() : texts(map(mappings, "mapping")));
  }

  private static Definition.Source asReference(Definition.Source s) {
    return new Definition.Source(
        s.name(), s.topic(), true, s.slaMs(), s.when(), s.types(), s.format(), s.mapping());
  }

  private static RuleSetting rule(Map<String, Object> line) {
    if (line.containsKey("class")) {
      throw new IllegalArgumentException(
          "rules: class " + line.get("class") + ": the oracle knows the eight built-in types only");
    }
    MismatchType type =
        MismatchType.valueOf(text(line.get("type"), "rules.type", null).toUpperCase(Locale.ROOT));
    RuleSetting plain = RuleSetting.defaultOf(type);
    Object synonyms = line.get("synonyms");
    Set<String> pending = new TreeSet<>();
    list(line.get("pending"), "pending").forEach(status -> pending.add(String.valueOf(status)));
    return new RuleSetting(
        text(line.get("name"), "rules.name", plain.name()),
        type,
        flag(line.get("enabled"), "enabled", true),
        number(line.get("tolerance-minor"), "tolerance-minor", 0),
        number(line.get("tolerance-bp"), "tolerance-bp", 0),
        durationMs(line.get("tolerance"), "tolerance", plain.toleranceMs()),
        (int) number(line.get("tolerance-business-days"), "tolerance-business-days", 0),
        flag(line.get("fee"), "fee", false),
        synonyms == null ? Map.of() : texts(map(synonyms, "synonyms")),
        pending);
  }

  private static long validFrom(@Nullable Object value) {
    return switch (value) {
      case null -> Definition.ALWAYS;
      case Date date -> date.toInstant().toEpochMilli();
      default -> instant(value.toString());
    };
  }

  private static long instant(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    return instant.toEpochMilli();
  }

  private static long durationMs(@Nullable Object value, String key, long absent) {
    if (value == null) {
      return absent;
    }
    Matcher matcher = DURATION.matcher(value.toString().trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(key + ": " + value + " is no duration such as 60s or 5m");
    }
    long unitMs =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unitMs);
  }

  private static String text(@Nullable Object value, String key, @Nullable String absent) {
    if (value != null) {
      return value.toString();
    }
    if (absent == null) {
      throw new IllegalArgumentException(key + ": is missing");
    }
    return absent;
  }

  private static long number(@Nullable Object value, String key, long absent) {
    return switch (value) {
      case null -> absent;
      case Integer n -> n;
      case Long n -> n;
      default -> throw new IllegalArgumentException(key + ": " + value + " is no whole number");
    };
  }

  private static boolean flag(@Nullable Object value, String key, boolean absent) {
    return switch (value) {
      case null -> absent;
      case Boolean b -> b;
      default -> throw new IllegalArgumentException(key + ": " + value + " is not true or false");
    };
  }

  private static List<?> list(@Nullable Object value, String key) {
    return switch (value) {
      case null -> List.of();
      case List<?> all -> all;
      default -> throw new IllegalArgumentException(key + ": " + value + " is no list");
    };
  }

  private static Map<String, Object> map(@Nullable Object value, String key) {
    if (!(value instanceof Map<?, ?> any)) {
      throw new IllegalArgumentException(key + ": " + value + " is no map");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    any.forEach((k, v) -> out.put(String.valueOf(k), v));
    return out;
  }

  private static Map<String, String> texts(Map<String, Object> any) {
    Map<String, String> out = new LinkedHashMap<>();
    any.forEach((k, v) -> out.put(k, String.valueOf(v)));
    return out;
  }
}
