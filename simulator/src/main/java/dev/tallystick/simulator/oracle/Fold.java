package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.definition.RuleSetting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks a transaction's events in order, with the deadlines as ticks after the events of the same
 * millisecond, and asks after every step what holds now (protocol, section 2, "Fold").
 */
final class Fold {

  private final Definition definition;
  private final Comparison comparison;
  private final List<Arrival> order;
  private final @Nullable Long firstArrivalMs;
  private final @Nullable Long watermarkMs;

  private final List<Report> seen = new ArrayList<>();
  private final Map<String, Report> views = new HashMap<>();
  private final Set<String> ticked = new TreeSet<>();
  private final Set<String> wanted = new HashSet<>(); // their condition has been satisfied
  private final Map<Finding.Key, Finding> duplicates = new TreeMap<>();
  private final Map<Finding.Key, Finding> episodes = new TreeMap<>();

  Fold(
      Definition definition,
      List<Arrival> order,
      @Nullable Long firstArrivalMs,
      @Nullable Long watermarkMs) {
    this.definition = definition;
    this.comparison = new Comparison(definition);
    this.order = order;
    this.firstArrivalMs = firstArrivalMs;
    this.watermarkMs = watermarkMs;
  }

  void run() {
    NavigableMap<Long, List<String>> ticks = ticks();
    for (Arrival arrival : order) {
      while (!ticks.isEmpty() && ticks.firstKey() < arrival.ms()) {
        tick(ticks.pollFirstEntry());
      }
      if (!arrival.isCommand()) {
        absorb(arrival.report());
        settle(arrival.ms());
      }
    }
    while (!ticks.isEmpty()) {
      tick(ticks.pollFirstEntry());
    }
  }

  /** Deadline → the sources whose tick happens at all. */
  private NavigableMap<Long, List<String>> ticks() {
    NavigableMap<Long, List<String>> ticks = new TreeMap<>();
    if (firstArrivalMs == null) {
      return ticks;
    }
    for (Definition.Source source : definition.sources()) {
      long deadlineMs = firstArrivalMs + source.slaMs();
      Long finalMs = firstFinalMs(source);
      boolean happens =
          finalMs == null ? watermarkMs != null && watermarkMs > deadlineMs : finalMs > deadlineMs;
      if (happens) {
        ticks.computeIfAbsent(deadlineMs, at -> new ArrayList<>()).add(source.name());
      }
    }
    return ticks;
  }

  private @Nullable Long firstFinalMs(Definition.Source source) {
    for (Arrival arrival : order) {
      Report report = arrival.report();
      if (report.source().equals(source.name())
          && source.counts(report.type())
          && definition.isFinal(report.status())) {
        return arrival.ms();
      }
    }
    return null;
  }

  private void tick(Map.Entry<Long, List<String>> due) {
    ticked.addAll(due.getValue());
    settle(due.getKey());
  }

  private void absorb(Report report) {
    String name = report.source();
    for (Definition.Source source : definition.sources()) {
      if (source.when() != null
          && !source.name().equals(name)
          && !wanted.contains(source.name())
          && source.when().test(report.fields())) {
        wanted.add(source.name());
      }
    }
    Definition.Source own = definition.source(name);
    if (own != null) {
      findDuplicate(report);
      Report before = views.get(name);
      boolean stands = before != null && definition.isFinal(before.status());
      if (own.counts(report.type()) && (!stands || definition.isFinal(report.status()))) {
        views.put(name, report); // a final status stands until another final one
      }
    }
    seen.add(report);
  }

  private void findDuplicate(Report report) {
    Finding.Key key = new Finding.Key(MismatchType.DUPLICATE, report.source());
    List<RuleSetting> rules = definition.enabled(MismatchType.DUPLICATE);
    if (rules.isEmpty() || duplicates.containsKey(key)) {
      return;
    }
    List<Report> earlier =
        seen.stream().filter(other -> other.source().equals(report.source())).toList();
    Duplicates.Difference found = Duplicates.find(earlier, report, definition::isFinal);
    if (found != null) {
      duplicates.put(
          key,
          alone(
              rules.getFirst(), report.source(), found.field(), found.expected(), found.actual()));
    }
  }

  /** What holds after this step, against what held before it. */
  private void settle(long atMs) {
    Map<Finding.Key, Finding> now = new TreeMap<>(duplicates);
    for (Definition.Source source : definition.sources()) {
      for (Finding finding : of(source)) {
        now.put(finding.key(), finding);
      }
    }
    for (Finding finding : now.values()) {
      Finding before = episodes.get(finding.key());
      long openedAtMs = before != null && before.isOpen() ? before.openedAtMs() : atMs;
      Finding named = finding.severity(severity(finding)).openedAt(openedAtMs);
      episodes.put(finding.key(), named);
    }
    for (Finding before : List.copyOf(episodes.values())) {
      if (before.isOpen() && !now.containsKey(before.key())) {
        String by = before.type() == MismatchType.MISSING ? "LATE_ARRIVAL" : "EVIDENCE";
        episodes.put(before.key(), before.closed(atMs, by));
      }
    }
  }

  private List<Finding> of(Definition.Source source) {
    String name = source.name();
    if (isUnexpected(source)) {
      List<RuleSetting> rules = definition.enabled(MismatchType.UNEXPECTED);
      return rules.isEmpty() || !reported(name)
          ? List.of()
          : List.of(alone(rules.getFirst(), name, "source", null, name));
    }
    Report view = views.get(name);
    if (view == null) {
      List<RuleSetting> rules = definition.enabled(MismatchType.MISSING);
      return rules.isEmpty() || !ticked.contains(name) || !isExpected(source)
          ? List.of()
          : List.of(alone(rules.getFirst(), name, "source", name, null));
    }
    Definition.Source reference = definition.reference();
    if (source.reference() || !isComparable(source) || !isComparable(reference)) {
      return List.of();
    }
    Report expected = views.get(reference.name());
    return expected == null ? List.of() : comparison.differences(expected, view);
  }

  private static Finding alone(
      RuleSetting rule,
      String source,
      String field,
      @Nullable String expected,
      @Nullable String actual) {
    return new Finding(
        rule.type(),
        source,
        field,
        expected,
        actual,
        null,
        null,
        null,
        rule.name(),
        List.of(source),
        "",
        0,
        null,
        null);
  }

  private String severity(Finding finding) {
    BigDecimal atStake = BigDecimal.ZERO;
    Report reference = views.get(definition.reference().name());
    if (finding.delta() != null && finding.currency() != null) {
      atStake = Severity.major(finding.delta(), finding.currency());
    } else if (reference != null) {
      atStake = Severity.major(reference.amountMinor(), reference.currency());
    } else {
      for (Report report : seen) {
        atStake = atStake.max(Severity.major(report.amountMinor(), report.currency()));
      }
    }
    return Severity.of(finding.type(), atStake).name();
  }

  private boolean isExpected(Definition.Source source) {
    return source.when() == null || wanted.contains(source.name());
  }

  /** Another source has spoken, and none of its events satisfies the condition. */
  private boolean isUnexpected(Definition.Source source) {
    return !isExpected(source)
        && seen.stream().anyMatch(report -> !report.source().equals(source.name()));
  }

  private boolean isComparable(Definition.Source source) {
    Report view = views.get(source.name());
    return view != null
        && !isUnexpected(source)
        && (definition.isFinal(view.status()) || ticked.contains(source.name()));
  }

  private boolean reported(String source) {
    return seen.stream().anyMatch(report -> report.source().equals(source));
  }

  List<Finding> mismatches() {
    return episodes.values().stream().map(finding -> withVersion(finding)).toList();
  }

  private Finding withVersion(Finding f) {
    return new Finding(
        f.type(),
        f.source(),
        f.field(),
        f.expected(),
        f.actual(),
        f.delta(),
        f.tolerance(),
        f.currency(),
        f.rule() + "@" + definition.version(),
        f.sources(),
        f.severity(),
        f.openedAtMs(),
        f.closedAtMs(),
        f.closedBy());
  }

  boolean hasReports() {
    return !seen.isEmpty();
  }

  /** No source that is expected is still awaited. */
  boolean allExpectedComparable() {
    return hasReports()
        && definition.sources().stream().filter(this::isExpected).allMatch(this::isComparable);
  }

  @Nullable Report view(String source) {
    return views.get(source);
  }

  List<String> ticked() {
    return List.copyOf(ticked);
  }

  @Nullable Long nextDeadlineMs() {
    Long next = null;
    for (Definition.Source source : definition.sources()) {
      if (firstArrivalMs != null
          && isExpected(source)
          && !ticked.contains(source.name())
          && firstFinalMs(source) == null) {
        long deadlineMs = firstArrivalMs + source.slaMs();
        next = next == null ? deadlineMs : Math.min(next, deadlineMs);
      }
    }
    return next;
  }

  /** The label of a transaction that waits, by what has arrived. */
  String received() {
    List<String> arrived = new ArrayList<>();
    int awaited = 0;
    for (Definition.Source source : definition.sources()) {
      if (reported(source.name())) {
        arrived.add(source.name());
      }
      if (reported(source.name()) || isExpected(source)) {
        awaited++;
      }
    }
    return switch (arrived.size()) {
      case 0 -> "INIT";
      case 1 -> arrived.getFirst().toUpperCase(Locale.ROOT) + "_RECEIVED";
      default -> arrived.size() + "_OF_" + awaited + "_RECEIVED";
    };
  }
}
