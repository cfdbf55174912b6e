package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.oracle.Finding;
import dev.tallystick.simulator.oracle.Judged;
import dev.tallystick.simulator.oracle.Kept;
import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.Report;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares one row and its mismatches with what the oracle makes of the row's records. */
final class RowCheck {

  private final Snapshot.Progress progress;
  private final Oracle oracle;
  private final PartitionRecords log;
  private final Findings findings;
  private String txnId = "";
  private boolean agrees;

  RowCheck(Snapshot.Progress progress, Oracle oracle, PartitionRecords log, Findings findings) {
    this.progress = progress;
    this.oracle = oracle;
    this.log = log;
    this.findings = findings;
  }

  /**
   * @param reports all of the transaction's records that were read
   * @param stored its rows of {@code mismatches}
   */
  void check(Snapshot.Transaction row, List<Report> reports, List<Snapshot.Mismatch> stored) {
    txnId = row.txnId();
    agrees = true;
    List<StoredEvents.Stored> events = StoredEvents.parse(row.events());
    Map<String, Long> seenTo = new HashMap<>();
    events.forEach(event -> seenTo.merge(event.source(), event.offset(), Math::max));
    Map<String, long[]> tallies = StoredEvents.tallies(row.tallies());
    tallies.forEach((source, tally) -> seenTo.put(source, tally[0]));

    // The prefix rule: per source exactly the records up to its highest offset in the row.
    List<Report> covered =
        reports.stream()
            .filter(r -> r.offset() <= seenTo.getOrDefault(r.source(), Long.MIN_VALUE))
            .toList();
    Judged judged = oracle.judge(covered, progress.watermarkMs());
    claim(events, judged.kept(), tallies);
    compareEvents(judged.kept().inRowOrder(), events);
    compareRow(judged, row, log.overflow(txnId, row.overflow()));
    compareMismatches(judged, stored);
    findings.transactions++;
    findings.agree += agrees ? 1 : 0;
  }

  /** Marks what the row accounts for; a position marked twice is in more than one place. */
  private void claim(List<StoredEvents.Stored> events, Kept expected, Map<String, long[]> tallies) {
    for (StoredEvents.Stored event : events) {
      PartitionRecords.SourceRecords source = log.sources.get(event.source());
      if (source == null || !source.claim(event.offset())) {
        findings.doubled++;
        differ("position " + event.source() + "/" + event.offset(), "in one place", "in two");
      }
    }
    Map<String, Integer> counts = expected.redeliveries();
    for (Report repeat : expected.redelivered()) {
      PartitionRecords.SourceRecords source = log.sources.get(repeat.source());
      if (source != null && !source.claim(repeat.offset())) {
        findings.doubled++;
        differ("position " + repeat.source() + "/" + repeat.offset(), "counted", "and kept");
      }
    }
    for (PartitionRecords.SourceRecords source : log.sources.values()) {
      long wanted = counts.getOrDefault(source.source, 0);
      long[] tally = tallies.get(source.source);
      long actual = tally == null ? 0 : tally[1];
      if (wanted != actual) {
        findings.lost += Math.max(0, wanted - actual);
        findings.doubled += Math.max(0, actual - wanted);
        differ("redeliveries of " + source.source, wanted, actual);
      }
    }
  }

  private void compareEvents(List<Report> expected, List<StoredEvents.Stored> actual) {
    equal("number of events", expected.size(), actual.size());
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      @Nullable String @Nullable [] difference =
          StoredEvents.difference(expected.get(i), actual.get(i));
      if (difference != null) {
        differ("events[" + i + "]." + difference[0], difference[1], difference[2]);
      }
    }
  }

  private void compareRow(Judged judged, Snapshot.Transaction row, boolean overflow) {
    equal("state", judged.state(), row.state());
    equal("label", judged.label(), row.label());
    equal("worst", judged.worst() == null ? null : judged.worst().name(), row.worst());
    equal("amount", judged.amountMinor(), row.amount());
    equal("currency", judged.currency(), row.currency());
    equal("first_arrival", judged.firstArrivalMs(), row.firstArrivalMs());
    equal("next_deadline", judged.nextDeadlineMs(), row.nextDeadlineMs());
    equal("rule_version", judged.ruleVersion(), row.ruleVersion());
    equal("overflow", overflow, row.overflow());
    equal("redeliveries", judged.kept().redelivered().size(), row.redeliveries());
  }

  private void compareMismatches(Judged judged, List<Snapshot.Mismatch> stored) {
    Map<Finding.Key, Finding> rows = new HashMap<>();
    for (Snapshot.Mismatch row : stored) {
      rows.put(row.finding().key(), row.finding());
      equal("mismatch id of " + row.finding().key(), id(row.finding()), row.id());
    }
    for (Finding expected : judged.mismatches()) {
      Finding actual = rows.remove(expected.key());
      if (actual == null) {
        differ("mismatch " + expected.type() + "/" + expected.source(), expected, null);
      } else {
        compare(expected, actual);
      }
    }
    for (Finding extra :
        rows.values().stream().sorted(Comparator.comparing(Finding::key)).toList()) {
      findings.falseMissing += extra.type() == MismatchType.MISSING ? 1 : 0;
      differ("mismatch " + extra.type() + "/" + extra.source(), null, extra);
    }
  }

  private void compare(Finding expected, Finding actual) {
    String of = "mismatch " + expected.type() + "/" + expected.source() + " ";
    equal(of + "field", expected.field(), actual.field());
    equal(of + "expected", expected.expected(), actual.expected());
    equal(of + "actual", expected.actual(), actual.actual());
    equal(of + "delta", expected.delta(), actual.delta());
    equal(of + "tolerance", expected.tolerance(), actual.tolerance());
    equal(of + "currency", expected.currency(), actual.currency());
    equal(of + "rule", expected.rule(), actual.rule());
    equal(of + "sources", expected.sources(), actual.sources());
    equal(of + "severity", expected.severity(), actual.severity());
    equal(of + "opened_at", expected.openedAtMs(), actual.openedAtMs());
    equal(of + "closed_at", expected.closedAtMs(), actual.closedAtMs());
    equal(of + "closed_by", expected.closedBy(), actual.closedBy());
    boolean falselyOpen = actual.isOpen() && !expected.isOpen();
    findings.falseMissing += falselyOpen && actual.type() == MismatchType.MISSING ? 1 : 0;
  }

  private String id(Finding finding) {
    String name =
        String.join(
            "\n", progress.reconciliation(), txnId, finding.type().name(), finding.source());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void equal(String field, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      differ(field, expected, actual);
    }
  }

  private void differ(String field, @Nullable Object expected, @Nullable Object actual) {
    agrees = false;
    findings.note(progress.reconciliation(), progress.partition(), txnId, field, expected, actual);
  }
}
