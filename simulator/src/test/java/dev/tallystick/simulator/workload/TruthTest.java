package dev.tallystick.simulator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.simulator.MemoryLog;
import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.oracle.Decoded;
import dev.tallystick.simulator.oracle.Finding;
import dev.tallystick.simulator.oracle.Judged;
import dev.tallystick.simulator.oracle.LogRecord;
import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.RecordReader;
import dev.tallystick.simulator.oracle.Report;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workload says what is wrong, the oracle finds out from the bytes alone: both agree. */
class TruthTest {

  private static final int TRANSACTIONS = 3_000;

  @TempDir Path directory;
  private final AtomicLong nowMs = new AtomicLong(1_800_000_000_000L);
  private final MemoryLog log = new MemoryLog(nowMs::get);

  @Test
  void theOracleFindsExactlyWhatWasInjected() throws Exception {
    Workload workload = new Workload(Presets.BOTH, 11, 0.6);
    List<TransactionPlan> plans = new ArrayList<>();
    for (long index = 0; index < TRANSACTIONS; index++) {
      plans.add(workload.plan(index));
    }
    try (Truth truth = Truth.open(directory)) {
      SimulationLoop loop = new SimulationLoop(log, truth, new Counters());
      loop.step(nowMs.get(), plans, false); // with the systems' delays, in virtual time
      while (!loop.isIdle()) {
        loop.step(nowMs.addAndGet(50), List.of(), false);
      }
    }
    nowMs.addAndGet(120_000);

    Map<String, List<Report>> reports = new HashMap<>();
    Map<String, List<String>> refused = new HashMap<>();
    for (LogRecord record : log.all()) {
      String source = record.topic().substring(0, record.topic().indexOf('_'));
      String key = new String(record.key(), StandardCharsets.UTF_8);
      switch (new RecordReader(source, Map.of()).read(record)) {
        case Decoded.Event(Report report) ->
            reports.computeIfAbsent(key, k -> new ArrayList<>()).add(report);
        case Decoded.Refused(String reason, String detail) ->
            refused.computeIfAbsent(key, k -> new ArrayList<>()).add(reason);
      }
    }
    Map<FaultKind, Integer> seen = new HashMap<>();
    for (TransactionPlan plan : plans) {
      List<Definition> rules =
          Presets.BOTH.stream().filter(d -> d.name().equals(plan.reconciliation())).toList();
      List<Report> events = reports.getOrDefault(plan.txnId(), List.of());
      Judged judged = new Oracle(rules).judge(events, nowMs.get());
      assertThat(told(judged)).as("%s", plan).isEqualTo(expected(plan));
      assertThat(judged.kept().redelivered())
          .as("%s", plan)
          .hasSize(plan.kind() == FaultKind.REDELIVERY ? 1 : 0);
      assertThat(refused.getOrDefault(plan.txnId(), List.of()))
          .as("%s", plan)
          .isEqualTo(plan.poison() == null ? List.of() : List.of(plan.poison().name()));
      assertThat(events).allMatch(event -> rules.getFirst().where().test(event.fields()));
      if (plan.kind() != null) {
        seen.merge(plan.kind(), 1, Integer::sum);
      }
    }
    assertThat(seen).hasSize(FaultKind.values().length);
  }

  private static String told(Judged judged) {
    StringBuilder told = new StringBuilder(judged.state());
    for (Finding m : judged.mismatches()) {
      told.append(' ').append(m.type()).append('/').append(m.source());
      told.append(m.isOpen() ? "" : " " + m.closedBy());
    }
    return told.toString();
  }

  private static String expected(TransactionPlan plan) {
    return switch (plan.kind()) {
      case null -> "MATCHED";
      case REDELIVERY, REORDERED, POISON -> "MATCHED";
      case LATE -> "MATCHED " + MismatchType.MISSING + "/" + plan.source() + " LATE_ARRIVAL";
      case MISSING -> "OVERDUE MISSING/" + plan.source();
      case AMOUNT, STATUS, CURRENCY, ACCOUNT, TIMESTAMP, DUPLICATE ->
          "MISMATCHED " + plan.kind() + "/" + plan.source();
    };
  }
}
