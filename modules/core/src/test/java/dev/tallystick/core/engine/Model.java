package dev.tallystick.core.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the rows must say, found without any code of core: two sources (a is the reference, b the
 * other), one deadline for both, plain amounts, all reports final. Time has passed every deadline.
 */
final class Model {

  /** A report at its place in its source's log. */
  record Report(String txnId, String source, String id, long amountMinor, long recordedAtMs) {}

  private static final long SLA_MS = 20;

  private Model() {}

  /** txnId → state and every mismatch with its times, as text. */
  static Map<String, String> rows(List<Report> logOfA, List<Report> logOfB) {
    Map<String, Map<String, List<Report>>> kept = new TreeMap<>();
    Map<String, Integer> repeated = new HashMap<>();
    for (List<Report> log : List.of(logOfA, logOfB)) {
      for (Report report : log) {
        List<Report> mine =
            kept.computeIfAbsent(report.txnId(), id -> new LinkedHashMap<>())
                .computeIfAbsent(report.source(), source -> new ArrayList<>());
        boolean again =
            mine.stream()
                .anyMatch(
                    r -> r.id().equals(report.id()) && r.amountMinor() == report.amountMinor());
        if (again) {
          repeated.merge(report.txnId(), 1, Integer::sum);
        } else {
          long latestMs = mine.isEmpty() ? 0 : mine.getLast().recordedAtMs(); // arrival never falls
          mine.add(
              new Report(
                  report.txnId(),
                  report.source(),
                  report.id(),
                  report.amountMinor(),
                  Math.max(latestMs, report.recordedAtMs())));
        }
      }
    }
    Map<String, String> rows = new TreeMap<>();
    kept.forEach(
        (txnId, sources) ->
            rows.put(txnId, row(sources) + " repeated " + repeated.getOrDefault(txnId, 0)));
    return rows;
  }

  private static String row(Map<String, List<Report>> sources) {
    List<Report> all = new ArrayList<>();
    sources.values().forEach(all::addAll);
    long deadlineMs = all.stream().mapToLong(Report::recordedAtMs).min().orElseThrow() + SLA_MS;
    all.sort(Comparator.comparingLong(Report::recordedAtMs).thenComparing(Report::source));
    String amount = "";
    String duplicates = "";
    String missing = "";
    boolean silent = false;
    for (String source : List.of("a", "b")) {
      List<Report> mine = sources.getOrDefault(source, List.of());
      if (mine.isEmpty()) {
        silent = true;
        missing += " MISSING " + source + "@" + deadlineMs;
      } else if (mine.getFirst().recordedAtMs() > deadlineMs) {
        missing += " MISSING " + source + "@" + deadlineMs + "-" + mine.getFirst().recordedAtMs();
      }
      if (mine.size() > 1) {
        boolean sameId = mine.get(0).id().equals(mine.get(1).id());
        duplicates += " DUPLICATE " + source + "@" + mine.get(1).recordedAtMs();
        duplicates += sameId ? " amount" : " event_id";
      }
    }
    Map<String, Report> views = new HashMap<>();
    long openedMs = -1;
    boolean open = false;
    for (Report report : all) { // the last episode of a disagreement about the amount
      views.put(report.source(), report);
      Report a = views.get("a");
      Report b = views.get("b");
      boolean differ = a != null && b != null && a.amountMinor() != b.amountMinor();
      openedMs = differ && !open ? report.recordedAtMs() : openedMs;
      if (differ || open) {
        amount = " AMOUNT b@" + openedMs + (differ ? "" : "-" + report.recordedAtMs());
      }
      open = differ;
    }
    boolean wrong = open || !duplicates.isEmpty();
    String state = wrong ? "MISMATCHED" : silent ? "OVERDUE" : "MATCHED";
    return state + amount + duplicates + missing;
  }
}
