package dev.tallystick.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.workload.PlannedRecord;
import dev.tallystick.simulator.workload.TransactionPlan;
import dev.tallystick.simulator.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OracleProperty {

  /** The order in which records are read, and reading them twice, changes nothing. */
  @Property(tries = 300)
  void readingOrderChangesNothing(
      @ForAll @IntRange(min = 0, max = 5_000) int index, @ForAll long seed) {
    TransactionPlan plan = new Workload(Presets.BOTH, 7, 1.0).plan(index);
    Oracle oracle =
        new Oracle(
            Presets.BOTH.stream().filter(d -> d.name().equals(plan.reconciliation())).toList());
    List<Report> reports = reports(plan);
    Judged once = oracle.judge(reports, Story.ms(1_000));
    List<Report> shuffled = new ArrayList<>(reports);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(oracle.judge(shuffled, Story.ms(1_000))).isEqualTo(once);
  }

  private static List<Report> reports(TransactionPlan plan) {
    Map<String, Long> offsets = new HashMap<>();
    List<Report> reports = new ArrayList<>();
    for (PlannedRecord record : plan.records()) {
      long offset = offsets.merge(record.source(), 1L, Long::sum);
      LogRecord raw =
          new LogRecord(
              record.topic(),
              0,
              offset,
              Story.BEGIN_MS + record.delayMs() + (record.isLate() ? 65_000 : 0),
              record.key().getBytes(StandardCharsets.UTF_8),
              record.value(Story.BEGIN_MS),
              List.of());
      if (new RecordReader(record.source(), record.mapping()).read(raw)
          instanceof Decoded.Event(Report report)) {
        reports.add(report);
      }
    }
    return reports;
  }
}
