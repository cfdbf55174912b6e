package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Model.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * ORDER-FREE for the engine: whatever the batches, the order of the sources, the repetitions and
 * the moments at which it dies, the rows are those of a model that shares no code with it.
 */
class SameRowsProperty {

  @Property(tries = 1_500)
  void anyScheduleEndsInTheModelsRows(
      @ForAll long world, @ForAll long schedule, @ForAll @IntRange(max = 12) int faults) {
    Random random = new Random(world);
    List<Report> a = log("a", random);
    List<Report> b = log("b", random);

    assertThat(new Schedule(a, b, schedule, faults).run()).isEqualTo(Model.rows(a, b));
  }

  /** Told in another order of the same millisecond: other offsets, the same states. */
  @Property(tries = 500)
  void anyPermutationOfOneMomentEndsInTheSameStates(@ForAll long world, @ForAll long schedule) {
    Random random = new Random(world);
    List<Report> a = momentOf("a", random);
    List<Report> b = momentOf("b", random);
    Map<String, String> rows = new Schedule(a, b, schedule, 3).run();
    Collections.shuffle(a, random);
    Collections.shuffle(b, random);

    assertThat(new Schedule(a, b, schedule + 1, 3).run()).isEqualTo(rows);
  }

  /** A fault that never fired proves nothing. */
  @Example
  void everyFaultHappens() {
    Set<Schedule.Fault> happened = EnumSet.noneOf(Schedule.Fault.class);
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Schedule schedule = new Schedule(log("a", random), log("b", random), seed, 12);
      schedule.run();
      happened.addAll(schedule.happened);
    }
    assertThat(happened).containsExactlyInAnyOrder(Schedule.Fault.values());
  }

  private static List<Report> log(String source, Random random) {
    List<Report> log = new ArrayList<>();
    long nowMs = 3L + random.nextInt(20);
    for (int n = random.nextInt(14); n > 0; n--) {
      nowMs += random.nextInt(12);
      long recordedAtMs = nowMs - random.nextInt(3); // timestamps step back at times
      if (!log.isEmpty() && random.nextInt(4) == 0) {
        Report former = log.get(random.nextInt(log.size()));
        log.add(
            new Report(former.txnId(), source, former.id(), former.amountMinor(), recordedAtMs));
      } else {
        String id = source + random.nextInt(3);
        log.add(
            new Report("T" + random.nextInt(5), source, id, 5 + random.nextInt(2), recordedAtMs));
      }
    }
    return log;
  }

  /** One report per transaction, some of them twice, all at the same time. */
  private static List<Report> momentOf(String source, Random random) {
    List<Report> log = new ArrayList<>();
    for (int txn = 0; txn < 6; txn++) {
      Report report = new Report("T" + txn, source, source, 5 + random.nextInt(2), 50);
      for (int n = random.nextInt(3); n > 0; n--) {
        log.add(report);
      }
    }
    return log;
  }
}
