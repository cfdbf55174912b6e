package dev.tallystick.verticles.ingest;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.formats.Membership;
import dev.tallystick.formats.json.JsonEventDecoder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one source go in.
 *
 * @param names event field → payload field of the topic's records; empty: the contract's own
 * @param membership in the name of the topic's keeper, so that "nobody's" is known
 * @param contract reads an event as it is posted
 * @param topics reads it as the engine will; null: that is the same
 */
record Entrance(
    String source,
    String topic,
    Map<String, String> names,
    Membership membership,
    JsonEventDecoder contract,
    @Nullable JsonEventDecoder topics) {

  /**
   * One for each source of the definitions in force. A source that two of them read from different
   * topics is written to that of the first by name, as {@code send} does.
   */
  static SortedMap<String, Entrance> all(Collection<Rulebook> rulebooks, int recordMaxBytes) {
    List<Rulebook> byName =
        rulebooks.stream().sorted(Comparator.comparing(Rulebook::name)).toList();
    SortedMap<String, Entrance> entrances = new TreeMap<>();
    for (Rulebook rulebook : byName) {
      for (SourceRule rule : rulebook.newest().sources()) {
        if (!entrances.containsKey(rule.name())) {
          entrances.put(rule.name(), of(rule, byName, recordMaxBytes));
        }
      }
    }
    return entrances;
  }

  private static Entrance of(SourceRule rule, List<Rulebook> byName, int recordMaxBytes) {
    List<Rulebook> sharing =
        byName.stream().filter(book -> book.topics().containsValue(rule.topic())).toList();
    return new Entrance(
        rule.name(),
        rule.topic(),
        rule.mapping(),
        new Membership(sharing.getFirst(), rule.topic(), sharing),
        unmapped(rule.name(), recordMaxBytes),
        rule.mapping().isEmpty() ? null : new JsonEventDecoder(rule, recordMaxBytes));
  }

  /** A decoder of events whose fields have the contract's names. */
  static JsonEventDecoder unmapped(String source, int recordMaxBytes) {
    return new JsonEventDecoder(
        new SourceRule(source, "", false, 0, null, Set.of(), false, false, "json", Map.of()),
        recordMaxBytes);
  }
}
