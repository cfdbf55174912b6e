package dev.tallystick.formats.definition;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.AccountRule;
import dev.tallystick.core.rules.AmountRule;
import dev.tallystick.core.rules.CurrencyRule;
import dev.tallystick.core.rules.Rule;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.StatusRule;
import dev.tallystick.core.rules.StatusVocabulary;
import dev.tallystick.core.rules.TimestampRule;
import dev.tallystick.formats.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code rules:} of a definition. All eight types apply without a line; a line sets values or
 * switches its type off. Synonyms and pending statuses count even where the STATUS rule is off:
 * other rules ask which statuses are final.
 */
final class RulesReader {

  private static final long TIMESTAMP_TOLERANCE_MS = 300_000;
  private static final long TOLERANCE_MAX_MS = 366L * 86_400_000;
  private static final int BUSINESS_DAYS_MAX = 366;
  private static final int RULES_MAX = 100;
  private static final int STATUSES_MAX = 1_000;

  private final Map<MismatchType, YamlNode> lines = new EnumMap<>(MismatchType.class);
  private final List<YamlNode> customLines = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private RulesReader() {}

  static RuleSet read(@Nullable YamlNode list) {
    RulesReader reader = new RulesReader();
    if (list != null) {
      reader.sort(list);
    }
    return reader.rules();
  }

  private void sort(YamlNode list) {
    List<YamlNode> items = list.items();
    if (items.size() > RULES_MAX) {
      throw list.problem(items.size() + " rules; the most is " + RULES_MAX);
    }
    for (YamlNode item : items) {
      if (item.find("class") != null) {
        customLines.add(item.only("name", "class", "enabled"));
        continue;
      }
      MismatchType type = type(item.get("type"));
      if (lines.putIfAbsent(type, item) != null) {
        throw item.get("type").error("has a line already");
      }
      item.only(keys(type));
    }
  }

  private static MismatchType type(YamlNode node) {
    List<String> known = new ArrayList<>();
    for (MismatchType type : MismatchType.values()) {
      if (type.name().equals(node.text())) {
        return type;
      }
      known.add(type.name());
    }
    throw node.error("is not one of " + String.join(", ", known));
  }

  private static String[] keys(MismatchType type) {
    return switch (type) {
      case AMOUNT ->
          new String[] {"name", "type", "enabled", "tolerance-minor", "tolerance-bp", "fee"};
      case STATUS -> new String[] {"name", "type", "enabled", "synonyms", "pending"};
      case TIMESTAMP ->
          new String[] {"name", "type", "enabled", "tolerance", "tolerance-business-days"};
      case CURRENCY, ACCOUNT, DUPLICATE, UNEXPECTED, MISSING ->
          new String[] {"name", "type", "enabled"};
    };
  }

  private RuleSet rules() {
    Map<MismatchType, String> ruleNames = new EnumMap<>(MismatchType.class);
    for (MismatchType type : MismatchType.values()) {
      ruleNames.put(type, name(type));
    }
    StatusVocabulary statuses = statuses();
    List<Rule> comparisons = new ArrayList<>();
    for (MismatchType type : MismatchType.values()) {
      Rule rule = comparison(type, ruleNames.getOrDefault(type, ""), statuses);
      if (rule != null && isOn(lines.get(type))) {
        comparisons.add(rule);
      }
    }
    for (YamlNode line : customLines) {
      YamlNode name = line.get("name");
      String text = unique(name.text(DefinitionReader.NAME, DefinitionReader.A_NAME), name);
      Rule rule = CustomRules.load(text, line.get("class"));
      if (isOn(line)) {
        comparisons.add(rule);
      }
    }
    comparisons.sort(Comparator.comparing(Rule::type));
    return new RuleSet(
        List.copyOf(comparisons),
        statuses,
        nameIfOn(MismatchType.MISSING, ruleNames),
        nameIfOn(MismatchType.DUPLICATE, ruleNames),
        nameIfOn(MismatchType.UNEXPECTED, ruleNames));
  }

  private String name(MismatchType type) {
    YamlNode line = lines.get(type);
    YamlNode name = line == null ? null : line.find("name");
    return name == null
        ? unique(type.name().toLowerCase(Locale.ROOT), line)
        : unique(name.text(DefinitionReader.NAME, DefinitionReader.A_NAME), name);
  }

  private String unique(String name, @Nullable YamlNode place) {
    if (!names.add(name)) {
      String what = "the name " + name + " belongs to two rules";
      throw place != null ? place.problem(what) : customOrNamed(name).problem(what);
    }
    return name;
  }

  /** The line that took the default name of a type without a line. */
  private YamlNode customOrNamed(String name) {
    for (YamlNode line : lines.values()) {
      YamlNode given = line.find("name");
      if (given != null && given.text().equals(name)) {
        return given;
      }
    }
    throw new IllegalStateException("no line has the name " + name);
  }

  private static boolean isOn(@Nullable YamlNode line) {
    YamlNode enabled = line == null ? null : line.find("enabled");
    return enabled == null || enabled.flag();
  }

  private @Nullable String nameIfOn(MismatchType type, Map<MismatchType, String> ruleNames) {
    return isOn(lines.get(type)) ? ruleNames.get(type) : null;
  }

  private @Nullable Rule comparison(MismatchType type, String name, StatusVocabulary statuses) {
    return switch (type) {
      case CURRENCY -> new CurrencyRule(name);
      case AMOUNT ->
          new AmountRule(
              name,
              integer(type, "tolerance-minor", Event.MAX_AMOUNT_MINOR),
              integer(type, "tolerance-bp", AmountRule.MAX_BP),
              fee());
      case STATUS -> new StatusRule(name, statuses);
      case ACCOUNT -> new AccountRule(name);
      case TIMESTAMP ->
          new TimestampRule(
              name,
              toleranceMs(),
              (int) integer(type, "tolerance-business-days", BUSINESS_DAYS_MAX));
      case DUPLICATE, UNEXPECTED, MISSING -> null;
    };
  }

  private @Nullable YamlNode value(MismatchType type, String key) {
    YamlNode line = lines.get(type);
    return line == null ? null : line.find(key);
  }

  private long integer(MismatchType type, String key, long max) {
    YamlNode value = value(type, key);
    return value == null ? 0 : value.integer(0, max);
  }

  private boolean fee() {
    YamlNode value = value(MismatchType.AMOUNT, "fee");
    return value != null && value.flag();
  }

  private long toleranceMs() {
    YamlNode value = value(MismatchType.TIMESTAMP, "tolerance");
    return value == null ? TIMESTAMP_TOLERANCE_MS : value.durationMs(0, TOLERANCE_MAX_MS);
  }

  private StatusVocabulary statuses() {
    YamlNode synonyms = value(MismatchType.STATUS, "synonyms");
    YamlNode pending = value(MismatchType.STATUS, "pending");
    Map<String, String> meanings = new TreeMap<>();
    if (synonyms != null) {
      Map<String, YamlNode> entries = synonyms.entries();
      checkCount(synonyms, entries.size());
      entries.forEach((status, meaning) -> meanings.put(status, meaning.text()));
      for (YamlNode meaning : entries.values()) {
        if (meanings.containsKey(meaning.text())) {
          throw meaning.error("is itself a synonym; name what it stands for");
        }
      }
    }
    Set<String> open = new TreeSet<>();
    if (pending != null) {
      List<YamlNode> items = pending.items();
      checkCount(pending, items.size());
      items.forEach(item -> open.add(item.text()));
    }
    return new StatusVocabulary(Map.copyOf(meanings), Set.copyOf(open));
  }

  private static void checkCount(YamlNode node, int count) {
    if (count > STATUSES_MAX) {
      throw node.problem(count + " statuses; the most is " + STATUSES_MAX);
    }
  }
}
