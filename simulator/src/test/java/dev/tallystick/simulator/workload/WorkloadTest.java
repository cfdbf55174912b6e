package dev.tallystick.simulator.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.definition.DefinitionFile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  private static final long BEGIN_MS = 1_800_000_000_000L;

  @Test
  void aPlanIsAFunctionOfSeedAndIndex() {
    Workload one = new Workload(Presets.BOTH, 1, 0.05);
    Workload again = new Workload(Presets.BOTH, 1, 0.05);
    Workload other = new Workload(Presets.BOTH, 2, 0.05);
    assertThat(one.plan(4_711)).isEqualTo(again.plan(4_711)).isEqualTo(one.plan(4_711));
    assertThat(one.plan(4_711)).isNotEqualTo(other.plan(4_711));
    byte[] bytes = one.plan(4_711).records().getFirst().value(BEGIN_MS);
    assertThat(again.plan(4_711).records().getFirst().value(BEGIN_MS)).isEqualTo(bytes);
    assertThat(one.plan(17).txnId()).isEqualTo("TXN-1-17");
  }

  @Test
  void faultsAreSpreadEvenlyOverTheKindsAndPoisonOverItsWays() {
    Workload workload = new Workload(Presets.BOTH, 1, 0.05);
    Map<FaultKind, Integer> kinds = new EnumMap<>(FaultKind.class);
    Map<Poison, Integer> poisons = new EnumMap<>(Poison.class);
    int payments = 0;
    int mobile = 0;
    for (long index = 0; index < 22_000; index++) {
      TransactionPlan plan = workload.plan(index);
      if (plan.kind() != null) {
        kinds.merge(plan.kind(), 1, Integer::sum);
      }
      if (plan.poison() != null) {
        poisons.merge(plan.poison(), 1, Integer::sum);
      }
      if (plan.reconciliation().equals("payments")) {
        payments++;
        PlannedRecord first = plan.records().getFirst();
        mobile += "MOBILE".equals(first.fields().get("channel")) ? 1 : 0;
      }
    }
    assertThat(kinds).hasSize(11);
    assertThat(kinds.values()).allMatch(count -> count == 100);
    assertThat(poisons).hasSize(6);
    assertThat(poisons.values()).allMatch(count -> count >= 16);
    assertThat(payments).isBetween(14_300, 15_000);
    assertThat(mobile).isBetween(payments * 48 / 100, payments * 52 / 100);
  }

  @Test
  void ordinarySourcesStayFarFromTheirDeadlines() {
    Workload workload = new Workload(Presets.BOTH, 3, 1);
    for (long index = 0; index < 5_000; index++) {
      for (PlannedRecord record : workload.plan(index).records()) {
        assertThat(record.delayMs()).isBetween(0L, 6_000L);
        assertThat(record.afterDeadlineMs()).isIn(rangeOrZero(record.afterDeadlineMs()));
      }
    }
  }

  private static List<Long> rangeOrZero(long ms) {
    return ms == 0 || (ms >= 3_000 && ms <= 8_000) ? List.of(ms) : List.of();
  }

  @Test
  void aConditionThatNoEventSatisfiesIsSaidClearly() {
    String never = Presets.SETTLEMENT_TEXT.replace("!has(event.channel)", "event.amount < 0");
    assertThatThrownBy(() -> new Workload(List.of(DefinitionFile.parse(never)), 1, 0))
        .hasMessageContaining("reconciliation settlement")
        .hasMessageContaining("event.amount < 0");
  }

  @Test
  void otherDefinitionsAreSatisfiedByTheLiteralsTheyCompareWith() {
    String text =
        """
        name: payouts
        where: "event.channel == 'PAYOUT' && event.currency in ['USD', 'EUR']"
        sources:
          - {name: ledger, topic: ledger_txns}
          - {name: psp, topic: psp_txns, sla: 10s}
          - {name: fx, topic: fx_txns, when: "event.currency == 'EUR'"}
        """;
    Workload workload = new Workload(List.of(DefinitionFile.parse(text)), 1, 0);
    Set<Object> currencies = new HashSet<>();
    for (long index = 0; index < 100; index++) {
      TransactionPlan plan = workload.plan(index);
      List<String> sources = new ArrayList<>();
      for (PlannedRecord record : plan.records()) {
        assertThat(record.fields()).containsEntry("channel", "PAYOUT");
        sources.add(record.source());
      }
      Object currency = plan.records().getFirst().fields().get("currency");
      currencies.add(String.valueOf(currency));
      assertThat(sources.contains("fx")).isEqualTo("EUR".equals(currency));
    }
    assertThat(currencies).containsExactlyInAnyOrder("USD", "EUR");
  }
}
