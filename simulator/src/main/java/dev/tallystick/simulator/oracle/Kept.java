package dev.tallystick.simulator.oracle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a transaction's records is kept (protocol, sections 2 and 4): per source in offset order,
 * identical reports are counted, and once {@link #MAX_EVENTS} are kept every later record is over
 * the bound.
 *
 * @param events by source, in offset order
 * @param redelivered records that repeat a kept report
 * @param over records over the bound: dead letters TOO_MANY_EVENTS
 */
public record Kept(Map<String, List<Report>> events, List<Report> redelivered, List<Report> over) {

  /** {@code engine.max-events}: kept events per transaction and source. */
  public static final int MAX_EVENTS = 100;

  static Kept of(Collection<Report> records) {
    List<Report> sorted = new ArrayList<>(records);
    sorted.sort(Comparator.comparing(Report::source).thenComparingLong(Report::offset));
    Map<String, List<Report>> events = new TreeMap<>();
    List<Report> redelivered = new ArrayList<>();
    List<Report> over = new ArrayList<>();
    for (Report record : sorted) {
      List<Report> kept = events.computeIfAbsent(record.source(), s -> new ArrayList<>());
      if (kept.size() >= MAX_EVENTS) {
        over.add(record);
      } else if (kept.stream().anyMatch(record::sameReportAs)) {
        redelivered.add(record);
      } else {
        kept.add(record);
      }
    }
    return new Kept(events, redelivered, over);
  }

  /** Kept events in the order of (source, offset), as a row lists them. */
  public List<Report> inRowOrder() {
    return events.values().stream().flatMap(List::stream).toList();
  }

  /** Number of redeliveries by source; sources without one are absent. */
  public Map<String, Integer> redeliveries() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    redelivered.forEach(report -> counts.merge(report.source(), 1, Integer::sum));
    return counts;
  }
}
