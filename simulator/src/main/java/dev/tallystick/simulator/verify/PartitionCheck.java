package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition of one reconciliation: every record below the stored positions is in exactly one
 * place, every row says what the oracle says, and the side tables add up.
 */
final class PartitionCheck {

  private static final long MINUTE_MS = 60_000;

  private final Snapshot snapshot;
  private final Rulebooks rulebooks;
  private final Snapshot.Progress progress;
  private final String reconciliation;
  private final int partition;
  private final PartitionRecords records;
  private final Findings findings;

  PartitionCheck(
      Snapshot snapshot,
      Log log,
      Rulebooks rulebooks,
      Snapshot.Progress progress,
      Findings findings) {
    this.snapshot = snapshot;
    this.rulebooks = rulebooks;
    this.progress = progress;
    this.reconciliation = progress.reconciliation();
    this.partition = progress.partition();
    this.records = new PartitionRecords(progress, rulebooks, log);
    this.findings = findings;
  }

  void run() {
    findings.records += records.records;
    rowsAndStatistics();
    deadLetters();
    unaccounted();
    counters();
    outbox();
  }

  private void rowsAndStatistics() {
    Map<String, List<Snapshot.Mismatch>> mismatches = new HashMap<>();
    snapshot.mismatches(
        reconciliation,
        partition,
        m -> mismatches.computeIfAbsent(m.txnId(), id -> new ArrayList<>(2)).add(m));
    Map<Group, Long> counted = new HashMap<>();
    Oracle oracle = rulebooks.oracle(reconciliation);
    RowCheck check = new RowCheck(progress, oracle, records, findings);
    snapshot.transactions(
        reconciliation,
        partition,
        row -> {
          List<Report> reports = records.events.getOrDefault(row.txnId(), List.of());
          List<Snapshot.Mismatch> stored = mismatches.remove(row.txnId());
          check.check(row, reports, stored == null ? List.of() : stored);
          counted.merge(Group.of(row), 1L, Long::sum);
        });
    mismatches.keySet().stream()
        .sorted()
        .forEach(
            txn -> findings.other(reconciliation, partition, "mismatch of " + txn, "a row", null));

    for (Snapshot.Count stored : snapshot.statistics(reconciliation, partition)) {
      Group group = new Group(stored.minuteMs(), stored.state(), stored.worst());
      Long expected = counted.remove(group);
      findings.other(
          reconciliation,
          partition,
          "statistics " + group,
          expected == null ? 0L : expected,
          stored.transactions());
    }
    counted.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(
            entry ->
                findings.other(
                    reconciliation,
                    partition,
                    "statistics " + entry.getKey(),
                    entry.getValue(),
                    0L));
  }

  /** Key of the table {@code statistics}. */
  private record Group(@Nullable Long minuteMs, String state, String worst) {
    static Group of(Snapshot.Transaction row) {
      Long arrivalMs = row.firstArrivalMs();
      return new Group(
          arrivalMs == null ? null : Math.floorDiv(arrivalMs, MINUTE_MS) * MINUTE_MS,
          row.state(),
          row.worst() == null ? "" : row.worst());
    }
  }

  /** Reason and position equal the oracle's; above the stored position one may still be to come. */
  private void deadLetters() {
    Map<String, Map<Long, String>> expected = new TreeMap<>();
    records.refused.forEach((topic, letters) -> expected.put(topic, new TreeMap<>(letters)));
    for (Snapshot.DeadLetter stored : snapshot.deadLetters(reconciliation, partition)) {
      String place = "dead letter " + stored.topic() + "/" + partition + "/" + stored.offset();
      Map<Long, String> letters = expected.getOrDefault(stored.topic(), Map.of());
      String reason = letters.isEmpty() ? null : letters.remove(stored.offset());
      findings.other(reconciliation, partition, place, reason, stored.reason());
      PartitionRecords.SourceRecords source = records.sources.get(stored.source());
      if (source == null || !source.claim(stored.offset())) {
        findings.doubled++;
        findings.note(reconciliation, partition, null, place, "in one place", "in two");
      }
    }
    for (PartitionRecords.SourceRecords source : records.sources.values()) {
      expected
          .getOrDefault(source.topic, Map.of())
          .forEach(
              (offset, reason) -> {
                if (offset < source.position) {
                  String place = "dead letter " + source.topic + "/" + partition + "/" + offset;
                  findings.other(reconciliation, partition, place, reason, null);
                }
              });
    }
  }

  /** What lies below a stored position and is nowhere. */
  private void unaccounted() {
    for (PartitionRecords.SourceRecords source : records.sources.values()) {
      source.owed.andNot(source.claimed);
      int lost = source.owed.cardinality();
      if (lost > 0) {
        findings.lost += lost;
        long offset = source.start + source.owed.nextSetBit(0);
        findings.note(
            reconciliation,
            partition,
            transactionAt(source, offset),
            "position " + source.topic + "/" + partition + "/" + offset,
            "in a row, a dead letter or a counter",
            "nowhere");
      }
    }
  }

  private @Nullable String transactionAt(PartitionRecords.SourceRecords source, long offset) {
    for (List<Report> reports : records.events.values()) {
      for (Report report : reports) {
        if (report.offset() == offset && report.source().equals(source.source)) {
          return report.txnId();
        }
      }
    }
    return null;
  }

  /**
   * Counters cover the records below {@code archived_to}. A record over the hot-key bound is not
   * counted as dead: when it is noticed depends on the schedule.
   */
  private void counters() {
    for (int i = 0; i < progress.sources().size(); i++) {
      String name = progress.sources().get(i);
      PartitionRecords.SourceRecords source = records.sources.get(name);
      if (source == null) {
        continue; // the same list made the map
      }
      findings.other(
          reconciliation,
          partition,
          "records_read of " + name,
          source.read,
          progress.recordsRead().get(i));
      findings.other(
          reconciliation,
          partition,
          "records_dead of " + name,
          source.dead,
          progress.recordsDead().get(i));
      findings.other(
          reconciliation,
          partition,
          "records_skipped of " + name,
          source.skipped,
          progress.recordsSkipped().get(i));
    }
  }

  private void outbox() {
    long[] highest = {Long.MIN_VALUE};
    snapshot.outbox(
        reconciliation,
        partition,
        entry -> {
          if (entry.epoch() < highest[0]) {
            findings.staleWrites++;
            findings.note(
                reconciliation,
                partition,
                null,
                "epoch of outbox " + entry.seq(),
                ">= " + highest[0],
                entry.epoch());
          }
          highest[0] = Math.max(highest[0], entry.epoch());
        });
  }
}
