package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.Times;
import dev.tallystick.storage.postgres.TransactionRows;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows of (figure, reconciliation, name, number, at) to figures. One statement answers them all, so
 * that they are of one snapshot; what each means is told by the first column.
 */
final class FigureRows {

  private final SortedMap<State, Long> byState = new TreeMap<>();
  private final SortedMap<MismatchType, Long> byType = new TreeMap<>();
  private final SortedMap<Severity, Long> bySeverity = new TreeMap<>();
  private final SortedMap<String, Long> atRisk = new TreeMap<>();
  private final SortedMap<String, Long> recordsRead = new TreeMap<>();
  private final SortedMap<Integer, Long> seq = new TreeMap<>();
  private long oldestOpenedMs = Event.NONE;
  private long watermarkMs = Event.NONE;
  private long asOfMs;

  private FigureRows() {
    for (State state : State.values()) {
      byState.put(state, 0L);
    }
  }

  /** All reconciliations as one. */
  static ReconciliationFigures together(Iterable<Row> rows) {
    FigureRows all = new FigureRows();
    rows.forEach(all::add);
    return all.figures("");
  }

  static List<ReconciliationFigures> byReconciliation(Iterable<Row> rows) {
    SortedMap<String, FigureRows> each = new TreeMap<>();
    long asOfMs = 0;
    for (Row row : rows) {
      if (TransactionRows.text(row, "figure").equals("AS_OF")) {
        asOfMs = Times.ms(row.getOffsetDateTime("at"));
      } else {
        each.computeIfAbsent(TransactionRows.text(row, "reconciliation"), name -> new FigureRows())
            .add(row);
      }
    }
    List<ReconciliationFigures> figures = new ArrayList<>();
    for (var one : each.entrySet()) {
      one.getValue().asOfMs = asOfMs;
      figures.add(one.getValue().figures(one.getKey()));
    }
    return List.copyOf(figures);
  }

  private void add(Row row) {
    String name = TransactionRows.text(row, "name");
    long number = row.getLong("number");
    long atMs = Times.ms(row.getOffsetDateTime("at"));
    String figure = TransactionRows.text(row, "figure");
    switch (figure) {
      case "AS_OF" -> asOfMs = atMs;
      case "STATE" -> byState.merge(State.valueOf(name), number, Long::sum);
      case "TYPE" -> {
        byType.merge(MismatchType.valueOf(name), number, Long::sum);
        oldestOpenedMs = oldestOpenedMs == Event.NONE ? atMs : Math.min(oldestOpenedMs, atMs);
      }
      case "SEVERITY" -> bySeverity.merge(Severity.valueOf(name), number, Long::sum);
      case "AT_RISK" -> atRisk.merge(name, number, FigureRows::sum);
      case "WATERMARK" -> watermarkMs = atMs;
      case "SEQ" -> seq.put(Integer.valueOf(name), number);
      case "READ" -> recordsRead.merge(name, number, Long::sum);
      default -> throw new IllegalStateException("figure " + figure + " is not known");
    }
  }

  /** Neither is negative. */
  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private ReconciliationFigures figures(String reconciliation) {
    return new ReconciliationFigures(
        reconciliation,
        new TransactionStats(sum(byState), Collections.unmodifiableSortedMap(byState), asOfMs),
        new MismatchStats(
            sum(byType),
            Collections.unmodifiableSortedMap(byType),
            Collections.unmodifiableSortedMap(bySeverity),
            atRisk.entrySet().stream().map(e -> new AtRisk(e.getKey(), e.getValue())).toList(),
            oldestOpenedMs,
            asOfMs),
        watermarkMs,
        Collections.unmodifiableSortedMap(recordsRead),
        Collections.unmodifiableSortedMap(seq));
  }

  private static long sum(SortedMap<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
