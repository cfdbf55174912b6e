package dev.tallystick.simulator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.simulator.MemoryLog;
import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.oracle.Finding;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage, planted in a database that was right, is seen and named. */
class VerifierTest {

  @TempDir Path directory;
  private final AtomicLong nowMs = new AtomicLong(1_800_000_000_000L);
  private final MemoryLog log = new MemoryLog(nowMs::get);
  private RightSnapshot snapshot = new RightSnapshot(List.of(), (t, p) -> List.of(), 0, 0);

  @BeforeEach
  void aWorkloadWithEveryKindOfFaultHasBeenReconciled() {
    Workload workload = new Workload(Presets.BOTH, 1, 0.5);
    new Simulation(workload, log, directory, 0, () -> Instant.ofEpochMilli(nowMs.addAndGet(1_000)))
        .load(400);
    nowMs.addAndGet(100_000);
    snapshot = new RightSnapshot(Presets.BOTH, log::of, MemoryLog.PARTITIONS, nowMs.get());
  }

  private VerifyResult verify() {
    return new Verifier(snapshot, log).run();
  }

  private static String place() {
    return RightSnapshot.place("payments", 1);
  }

  private List<Snapshot.Transaction> rows() {
    return Objects.requireNonNull(snapshot.transactions.get(place()));
  }

  private List<Snapshot.Mismatch> mismatches() {
    return Objects.requireNonNull(snapshot.mismatches.get(place()));
  }

  private void alter(int index, UnaryOperator<Snapshot.Transaction> change) {
    rows().set(index, change.apply(rows().get(index)));
  }

  private static Snapshot.Transaction withEvents(Snapshot.Transaction r, String events) {
    return new Snapshot.Transaction(
        r.txnId(),
        r.state(),
        r.label(),
        r.worst(),
        r.amount(),
        r.currency(),
        r.firstArrivalMs(),
        r.nextDeadlineMs(),
        r.ruleVersion(),
        r.overflow(),
        r.redeliveries(),
        r.tallies(),
        events);
  }

  @Test
  void whatIsRightIsFoundRight() {
    VerifyResult result = verify();
    assertThat(result.firstDifference()).isNull();
    assertThat(result.ok()).isTrue();
    assertThat(result.records()).isEqualTo(log.all().size());
    assertThat(result.transactions()).isEqualTo(400);
    assertThat(result.agree()).isEqualTo(400);
    assertThat(result.toJson("verify"))
        .startsWith("{\"event\":\"result\",\"command\":\"verify\",\"ok\":true,\"records\":")
        .contains("\"lost\":0,\"double\":0,\"false_missing\":0,\"stale_writes\":0");
  }

  @Test
  void anAlteredAmountInARow() {
    Snapshot.Transaction row = rows().get(3);
    alter(
        3,
        r ->
            new Snapshot.Transaction(
                r.txnId(),
                r.state(),
                r.label(),
                r.worst(),
                1L + Objects.requireNonNull(r.amount()),
                r.currency(),
                r.firstArrivalMs(),
                r.nextDeadlineMs(),
                r.ruleVersion(),
                r.overflow(),
                r.redeliveries(),
                r.tallies(),
                r.events()));
    VerifyResult result = verify();
    assertThat(result.ok()).isFalse();
    assertThat(result.differ()).isEqualTo(1);
    VerifyResult.Difference first = Objects.requireNonNull(result.firstDifference());
    assertThat(first.txnId()).isEqualTo(row.txnId());
    assertThat(first.field()).isEqualTo("amount");
    assertThat(first.reconciliation()).isEqualTo("payments");
    assertThat(first.partition()).isEqualTo(1);
  }

  @Test
  void anAlteredFieldInAKeptEvent() {
    alter(0, r -> withEvents(r, r.events().replaceFirst("ACC-", "ACX-")));
    VerifyResult result = verify();
    assertThat(result.differ()).isEqualTo(1);
    assertThat(Objects.requireNonNull(result.firstDifference()).field())
        .isEqualTo("events[0].account");
  }

  @Test
  void aRowThatIsGoneLosesItsRecords() {
    Snapshot.Transaction gone = rows().remove(0);
    VerifyResult result = verify();
    assertThat(result.lost()).isGreaterThan(0);
    assertThat(result.ok()).isFalse();
    assertThat(Objects.requireNonNull(result.firstDifference()).txnId()).isIn(gone.txnId(), null);
  }

  @Test
  void anEventThatIsNotInItsRowIsLost() {
    Snapshot.Transaction row =
        rows().stream().filter(r -> r.state().equals("MATCHED")).findFirst().orElseThrow();
    int cut = row.events().lastIndexOf(",[\"");
    alter(rows().indexOf(row), r -> withEvents(r, r.events().substring(0, cut) + "]"));
    assertThat(verify().lost()).isEqualTo(1);
  }

  @Test
  void aRecordInTwoPlacesIsDouble() {
    Snapshot.Transaction first = rows().get(0);
    String event = first.events().substring(1, first.events().length() - 1);
    alter(1, r -> withEvents(r, "[" + event + "," + r.events().substring(1)));
    assertThat(verify().doubled()).isGreaterThan(0);

    snapshot = new RightSnapshot(Presets.BOTH, log::of, MemoryLog.PARTITIONS, nowMs.get());
    Objects.requireNonNull(snapshot.deadLetters.get(place()))
        .add(new Snapshot.DeadLetter("core", "core_txns", 0, "NOT_JSON"));
    assertThat(verify().doubled()).isEqualTo(1);
  }

  @Test
  void aMissingThatTheLogDoesNotJustifyIsFalse() {
    Snapshot.Transaction row =
        rows().stream().filter(r -> r.state().equals("MATCHED")).findFirst().orElseThrow();
    Finding invented =
        new Finding(
            MismatchType.MISSING,
            "core",
            "source",
            "core",
            null,
            null,
            null,
            null,
            "missing@1",
            List.of("core"),
            "HIGH",
            nowMs.get(),
            null,
            null);
    mismatches().add(new Snapshot.Mismatch("0", row.txnId(), invented));
    VerifyResult result = verify();
    assertThat(result.falseMissing()).isEqualTo(1);
    assertThat(result.differ()).isEqualTo(1);
  }

  @Test
  void aMismatchThatNobodyWroteOrThatBelongsToNoRow() {
    Snapshot.Mismatch gone = mismatches().removeFirst();
    VerifyResult result = verify();
    assertThat(result.differ()).isEqualTo(1);
    assertThat(Objects.requireNonNull(result.firstDifference()).txnId()).isEqualTo(gone.txnId());

    mismatches().add(gone);
    mismatches().add(new Snapshot.Mismatch(gone.id(), "TXN-NOBODY", gone.finding()));
    assertThat(verify().other()).isEqualTo(1);
  }

  @Test
  void aStaleWriteIsSeenByItsEpoch() {
    Objects.requireNonNull(snapshot.outbox.get(place())).add(new Snapshot.OutboxEntry(4, 1));
    VerifyResult result = verify();
    assertThat(result.staleWrites()).isEqualTo(1);
    assertThat(result.ok()).isFalse();
  }

  @Test
  void anAlteredByteInTheArchive() {
    String topic = RightSnapshot.place("gateway_txns", 0);
    List<Snapshot.Segment> segments =
        new ArrayList<>(Objects.requireNonNull(snapshot.segments.get(topic)));
    Snapshot.Segment right = segments.getFirst();
    byte[] payload = RightSnapshot.payload(log.of("gateway_txns", 0).subList(0, right.records()));
    payload[60] ^= 1;
    segments.set(
        0,
        new Snapshot.Segment(
            right.reconciliation(),
            right.firstOffset(),
            right.lastOffset(),
            right.records(),
            "none",
            payload));
    snapshot.segments.put(topic, segments);
    VerifyResult result = verify();
    assertThat(result.other()).isEqualTo(1);
    assertThat(Objects.requireNonNull(result.firstDifference()).field())
        .startsWith("archive of gateway_txns/0/0 ");
  }

  @Test
  void aGapAndAnOverlapInTheArchive() {
    String topic = RightSnapshot.place("core_txns", 0);
    List<Snapshot.Segment> right = Objects.requireNonNull(snapshot.segments.get(topic));
    snapshot.segments.put(topic, right.subList(0, right.size() - 1));
    assertThat(verify().other()).isEqualTo(right.getLast().records());
    List<Snapshot.Segment> twice = new ArrayList<>(right);
    twice.add(right.getLast());
    snapshot.segments.put(topic, twice);
    assertThat(verify().other()).isEqualTo(right.getLast().records());
  }

  @Test
  void deadLettersStatisticsAndCountersAddUp() {
    List<Snapshot.DeadLetter> letters = Objects.requireNonNull(snapshot.deadLetters.get(place()));
    Snapshot.DeadLetter letter = letters.removeFirst();
    VerifyResult lost = verify();
    assertThat(lost.lost()).isEqualTo(1);
    assertThat(lost.other()).isEqualTo(1);
    letters.addFirst(
        new Snapshot.DeadLetter(letter.source(), letter.topic(), letter.offset(), "BAD_VALUE"));
    VerifyResult renamed = verify();
    assertThat(renamed.lost()).isEqualTo(0);
    assertThat(renamed.other()).isEqualTo(1);
    letters.set(0, letter);

    List<Snapshot.Count> counts = Objects.requireNonNull(snapshot.statistics.get(place()));
    Snapshot.Count count = counts.removeFirst();
    assertThat(verify().other()).isEqualTo(1);
    counts.add(count);

    snapshot.progress.getFirst().recordsRead().set(0, 1L);
    assertThat(verify().other()).isEqualTo(1);
  }

  @Test
  void deadlinesPassOnlyWithTheStoredWatermark() {
    RightSnapshot early = new RightSnapshot(Presets.BOTH, log::of, MemoryLog.PARTITIONS, 0);
    List<Snapshot.Progress> timeless = new ArrayList<>();
    for (Snapshot.Progress p : early.progress) {
      timeless.add(
          new Snapshot.Progress(
              p.reconciliation(),
              p.partition(),
              p.sources(),
              p.topics(),
              p.positions(),
              p.archivedTo(),
              p.recordsRead(),
              p.recordsDead(),
              p.recordsSkipped(),
              null));
    }
    early.progress.clear();
    early.progress.addAll(timeless);
    snapshot.progress.clear();
    snapshot.progress.addAll(timeless);
    assertThat(verify().falseMissing()).isGreaterThan(0);
    snapshot = early;
    assertThat(verify().ok()).isTrue();
  }
}
