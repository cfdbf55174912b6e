package dev.tallystick.storage.read;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.Samples;
import dev.tallystick.storage.postgres.StoredPartition;
import dev.tallystick.storage.read.Population.Known;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Figures against a naive count of all rows. */
class StatsReadsIT {

  private static final long NOW_MS = System.currentTimeMillis();

  @Test
  void figuresAreWhatANaiveCountSays() {
    try (Database database = new Database()) {
      Population population = Population.stored(database, 43, NOW_MS, 80);
      StatsReads reads = new StatsReads(database.reading);
      for (@Nullable String asked : new @Nullable String[] {null, "payments", "settlement"}) {
        List<Known> among =
            population.transactions.stream()
                .filter(known -> asked == null || known.reconciliation().equals(asked))
                .toList();
        TransactionStats transactions = await(reads.transactions(asked));
        assertThat(transactions.total()).isEqualTo(among.size());
        assertThat(transactions.byState()).isEqualTo(states(among));
        check(await(reads.mismatches(asked)), among);
        assertThat(transactions.asOfMs()).isBetween(NOW_MS - 60_000, NOW_MS + 600_000);
      }
      List<ReconciliationFigures> figures = await(reads.figures());
      assertThat(figures)
          .extracting(ReconciliationFigures::reconciliation)
          .containsExactly("payments", "settlement");
      for (ReconciliationFigures one : figures) {
        List<Known> among =
            population.transactions.stream()
                .filter(known -> known.reconciliation().equals(one.reconciliation()))
                .toList();
        assertThat(one.transactions().byState()).isEqualTo(states(among));
        check(one.mismatches(), among);
        assertThat(one.mismatches().asOfMs()).isBetween(NOW_MS - 60_000, NOW_MS + 600_000);
      }
    }
  }

  private static Map<State, Long> states(List<Known> among) {
    Map<State, Long> states = new TreeMap<>();
    for (State state : State.values()) {
      states.put(state, among.stream().filter(k -> k.verdict().state() == state).count());
    }
    return states;
  }

  private static void check(MismatchStats stats, List<Known> among) {
    Map<MismatchType, Long> types = new TreeMap<>();
    Map<Severity, Long> severities = new TreeMap<>();
    Map<String, Long> atRisk = new TreeMap<>();
    long oldestMs = Long.MAX_VALUE;
    long several = 0;
    for (Known known : among) {
      long stake = -1;
      long open = 0;
      for (Mismatch mismatch : known.verdict().mismatches()) {
        if (mismatch.isOpen()) {
          open++;
          types.merge(mismatch.type(), 1L, Long::sum);
          severities.merge(Population.aged(mismatch, NOW_MS), 1L, Long::sum);
          oldestMs = Math.min(oldestMs, mismatch.openedAtMs());
          Long delta = mismatch.delta();
          stake = Math.max(stake, Math.abs(delta != null ? delta : known.verdict().amountMinor()));
        }
      }
      several += open > 1 ? 1 : 0;
      if (stake >= 0) {
        atRisk.merge(known.verdict().currency(), stake, Long::sum);
      }
    }
    assertThat(several).as("transactions with several open mismatches").isPositive();
    assertThat(stats.open()).isEqualTo(types.values().stream().mapToLong(n -> n).sum());
    assertThat(stats.byType()).isEqualTo(types);
    assertThat(stats.bySeverity()).isEqualTo(severities);
    assertThat(stats.oldestOpenedMs()).isEqualTo(oldestMs);
    assertThat(stats.atRisk())
        .isEqualTo(
            atRisk.entrySet().stream().map(e -> new AtRisk(e.getKey(), e.getValue())).toList())
        .hasSize(3);
  }

  @Test
  void nothingYetIsZeroAndNoRate() {
    try (Database database = new Database()) {
      StatsReads reads = new StatsReads(database.reading);
      TransactionStats transactions = await(reads.transactions(null));
      assertThat(transactions.total()).isZero();
      assertThat(transactions.byState()).hasSize(5);
      assertThat(transactions.matchRate()).isNull();
      assertThat(transactions.asOfMs()).isGreaterThan(NOW_MS - 60_000);
      MismatchStats mismatches = await(reads.mismatches("a\0b"));
      assertThat(mismatches.open()).isZero();
      assertThat(mismatches.oldestOpenedMs()).isEqualTo(Event.NONE);
      assertThat(mismatches.asOfMs()).isGreaterThan(NOW_MS - 60_000);
      assertThat(await(reads.figures())).isEmpty();
    }
  }

  @Test
  void theWatermarkIsTheEarliestOnceEveryPartitionHasOneAndReadRecordsAddUp() {
    try (Database database = new Database()) {
      StatsReads reads = new StatsReads(database.reading);
      StoredPartition first = database.claimed("settlement", 0);
      StoredPartition second = database.claimed("settlement", 1);
      database.commit(first.at("bank", 5, 5).watermark(NOW_MS), NOW_MS);
      assertThat(await(reads.figures()).getFirst().watermarkMs()).isEqualTo(Event.NONE);
      database.commit(second.at("bank", 9, 9).watermark(NOW_MS - 5), NOW_MS);
      ReconciliationFigures figures = await(reads.figures()).getFirst();
      assertThat(figures.watermarkMs()).isEqualTo(NOW_MS - 5);
      assertThat(figures.recordsRead())
          .isEqualTo(Map.of("bank", 2L, "gateway", 0L, "operator", 0L));
      assertThat(figures.transactions().total()).isZero();
    }
  }

  @Test
  void aSumThatNoLongHoldsIsTheLargestLong() {
    try (Database database = new Database()) {
      StoredPartition mine = database.claimed("settlement", 0);
      for (int i = 0; i < 3; i++) {
        String txnId = "TXN" + i;
        mine.write(
            Samples.row(
                txnId,
                State.OVERDUE,
                List.of(Samples.event(txnId, "gateway", i, Event.MAX_AMOUNT_MINOR)),
                Samples.missing("bank")));
      }
      database.commit(mine, NOW_MS);
      assertThat(await(new StatsReads(database.reading).mismatches(null)).atRisk())
          .containsExactly(new AtRisk("INR", Long.MAX_VALUE));
    }
  }

  @Test
  void aRateIsOneOnlyWhenAllMatch() {
    assertThat(rate(2, 1)).isEqualTo(new BigDecimal("0.666666"));
    assertThat(rate(9_999_999, 1)).isEqualTo(new BigDecimal("0.999999"));
    assertThat(rate(7, 0)).isEqualTo(new BigDecimal("1"));
    assertThat(rate(0, 7)).isEqualTo(new BigDecimal("0"));
  }

  private static @Nullable BigDecimal rate(long matched, long overdue) {
    TreeMap<State, Long> states =
        new TreeMap<>(Map.of(State.PENDING, 5L, State.MATCHED, matched, State.OVERDUE, overdue));
    return new TransactionStats(5 + matched + overdue, states, 0).matchRate();
  }
}
