package dev.tallystick.simulator.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version of a reconciliation.
 *
 * @param validFromMs first arrival (log time, epoch milliseconds) from which it judges; {@link
 *     #ALWAYS}: from the beginning of the log
 * @param where which events it takes
 * @param sources in the order of the definition; exactly one is the reference
 * @param rules at least one per type: the line, or the default
 */
public record Definition(
    String name,
    int version,
    long validFromMs,
    EventCondition where,
    int partitions,
    List<Source> sources,
    List<RuleSetting> rules) {

  /** "From the beginning of the log". */
  public static final long ALWAYS = Long.MIN_VALUE;

  /** The built-in source of operators' commands. */
  public static final String OPERATOR = "operator";

  private static final Set<String> FINAL = Set.of("SUCCESS", "FAILED", "REVERSED");

  /**
   * What is expected of one source.
   *
   * @param slaMs milliseconds after the first arrival at which it becomes overdue
   * @param when condition under which it is expected at all; null: always
   * @param types event types that count as its view; empty: all
   * @param mapping event field → name of the field in the payload
   */
  public record Source(
      String name,
      String topic,
      boolean reference,
      long slaMs,
      @Nullable EventCondition when,
      Set<String> types,
      String format,
      Map<String, String> mapping) {

    /** Whether an event of that type is part of the source's view. */
    public boolean counts(String type) {
      return types.isEmpty() || types.contains(type);
    }
  }

  public Definition validFrom(long ms) {
    return new Definition(name, version, ms, where, partitions, sources, rules);
  }

  public String commandsTopic() {
    return "tallystick_" + name + "_commands";
  }

  public Source reference() {
    return sources.stream().filter(Source::reference).findFirst().orElseThrow();
  }

  public @Nullable Source source(String wanted) {
    return sources.stream().filter(s -> s.name().equals(wanted)).findFirst().orElse(null);
  }

  /** The lines of a type that are switched on, in the order of the definition. */
  public List<RuleSetting> enabled(MismatchType type) {
    List<RuleSetting> found = new ArrayList<>();
    for (RuleSetting rule : rules) {
      if (rule.type() == type && rule.enabled()) {
        found.add(rule);
      }
    }
    return found;
  }

  /** The status that a reported one stands for. */
  public String canonical(String status) {
    Map<String, String> synonyms = new HashMap<>();
    rules.forEach(rule -> synonyms.putAll(rule.synonyms()));
    return synonyms.getOrDefault(status, status);
  }

  /** Whether no later status is awaited. */
  public boolean isFinal(String status) {
    Set<String> pending = new HashSet<>();
    rules.forEach(rule -> pending.addAll(rule.pending()));
    return FINAL.contains(canonical(status)) && !pending.contains(status);
  }
}
