package dev.tallystick.simulator.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.simulator.MemoryLog;
import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.oracle.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {

  private static final long BEGIN_MS = 1_800_000_000_000L;

  @TempDir Path directory;
  private final AtomicLong nowMs = new AtomicLong(BEGIN_MS);
  private final MemoryLog log = new MemoryLog(nowMs::get);
  private final Workload workload = new Workload(Presets.BOTH, 1, 0.5);

  private SimulationLoop loop(Truth truth, Counters counters) {
    return new SimulationLoop(log, truth, counters);
  }

  private List<TransactionPlan> plans(long from, long to) {
    List<TransactionPlan> plans = new ArrayList<>();
    for (long index = from; index < to; index++) {
      plans.add(workload.plan(index));
    }
    return plans;
  }

  private List<TruthLine> truthLines() {
    List<TruthLine> lines = new ArrayList<>();
    TruthLine.read(directory, 0, lines::add);
    return lines;
  }

  @Test
  void theTruthIsWrittenBeforeAnythingIsSent() throws IOException {
    Counters counters = new Counters();
    try (Truth truth = Truth.open(directory)) {
      List<Integer> linesAtSend = new ArrayList<>();
      RecordSink spy =
          new RecordSink() {
            @Override
            public void send(
                String topic,
                String key,
                byte[] value,
                LongConsumer acknowledged,
                Consumer<Exception> failed) {
              linesAtSend.add(truthLines().size());
              acknowledged.accept(nowMs.get());
            }

            @Override
            public void close() {}
          };
      new SimulationLoop(spy, truth, counters).step(BEGIN_MS, plans(0, 10), true);
      assertThat(linesAtSend).isNotEmpty().allMatch(lines -> lines == 10);
    }
  }

  @Test
  void aLateSourceIsSentAfterItsDeadlineInLogTime() throws IOException {
    TransactionPlan late =
        plans(0, 500).stream()
            .filter(p -> p.kind() == FaultKind.LATE && p.records().getFirst().delayMs() > 200)
            .findFirst()
            .orElseThrow();
    Counters counters = new Counters();
    try (Truth truth = Truth.open(directory)) {
      SimulationLoop loop = loop(truth, counters);
      loop.step(nowMs.get(), List.of(late), false);
      while (!loop.isIdle()) {
        long wakeMs = loop.step(nowMs.addAndGet(100), List.of(), false);
        assertThat(wakeMs).isGreaterThan(0);
      }
    }
    Map<String, Long> arrivedMs = new HashMap<>();
    log.all().forEach(record -> arrivedMs.put(record.topic(), record.timestampMs()));
    long firstMs = arrivedMs.values().stream().min(Long::compare).orElseThrow();
    long lastMs = arrivedMs.values().stream().max(Long::compare).orElseThrow();
    assertThat(lastMs - firstMs).isBetween(63_000L, 68_200L);
    assertThat(counters.lastDeadlineMs()).isEqualTo(firstMs + 60_000);
  }

  @Test
  void whatTheBrokerDelayedPastItsDeadlineIsSaidInTheTruth() throws IOException {
    TransactionPlan plan = new Workload(List.of(Presets.PAYMENTS), 1, 0).plan(0);
    try (Truth truth = Truth.open(directory)) {
      SimulationLoop loop = loop(truth, new Counters());
      loop.step(nowMs.get(), List.of(plan), false); // core reports at once, then nothing goes on
      loop.step(nowMs.addAndGet(100_000), List.of(), false);
      loop.step(nowMs.get(), List.of(), false);
      assertThat(loop.isIdle()).isTrue();
      truth.flush();
    }
    assertThat(truthLines())
        .filteredOn(line -> "delayed".equals(line.amend()))
        .extracting(TruthLine::source)
        .contains("gateway")
        .doesNotContain("core");
  }

  @Test
  void aKilledRunGoesOnWithoutRepeatingAnIdAndSendsAgainWhatMayBeUnsent() throws IOException {
    try (Truth truth = Truth.open(directory)) {
      SimulationLoop loop = loop(truth, new Counters());
      loop.step(nowMs.get(), plans(0, 20), false); // delays: most is still scheduled: then killed
    }
    Files.writeString(
        directory.resolve(Truth.FILE),
        "{\"index\":20,\"txn_id\":\"TXN-1",
        StandardOpenOption.APPEND);
    int before = log.all().size();
    InstantSource clock = () -> Instant.ofEpochMilli(nowMs.addAndGet(1_000));
    Simulation next = new Simulation(workload, log, directory, 0, clock);
    next.load(5);
    assertThat(log.all().size()).isGreaterThan(before);

    List<TruthLine> lines = truthLines();
    Set<Long> indexes = new HashSet<>();
    Set<String> resumed = new HashSet<>();
    for (TruthLine line : lines) {
      if (line.amend() == null) {
        assertThat(indexes.add(line.index())).as("index %s is new", line.index()).isTrue();
      } else if (line.amend().equals("resumed")) {
        resumed.add(line.txnId());
      }
    }
    assertThat(indexes).hasSize(25).contains(0L, 24L);
    assertThat(resumed).hasSize(20);
    assertThat(next.transactionsPlanned()).isEqualTo(25);
    assertThat(next.injected().get(FaultKind.REDELIVERY))
        .isEqualTo(plans(20, 25).stream().filter(p -> p.kind() == FaultKind.REDELIVERY).count());

    // Every planned record is in the log, whatever was killed in between; repeats are identical.
    for (TransactionPlan plan : plans(0, 25)) {
      for (PlannedRecord record : plan.records()) {
        byte[] value =
            record.value(
                lines.stream()
                    .filter(l -> l.amend() == null && l.index() == plan.index())
                    .findFirst()
                    .orElseThrow()
                    .beginMs());
        assertThat(log.all())
            .as("%s of %s", record.source(), plan.txnId())
            .anyMatch(r -> Arrays.equals(r.value(), value));
      }
    }

    int settled = log.all().size();
    new Simulation(workload, log, directory, 0, clock).load(0);
    assertThat(log.all()).as("nothing was unfinished").hasSize(settled);
  }

  @Test
  void aSendThatFailedIsSentAgainAndTheTruthSaysSo() throws IOException {
    log.failing = 1;
    Simulation simulation =
        new Simulation(
            workload, log, directory, 0, () -> Instant.ofEpochMilli(nowMs.addAndGet(1_000)));
    simulation.load(1);
    assertThat(log.all()).hasSize(workload.plan(0).records().size() + 1);
    assertThat(truthLines()).anyMatch(line -> "resumed".equals(line.amend()));
  }

  @Test
  void theThreadKeepsThePaceAndDrains() throws Exception {
    Workload clean = new Workload(Presets.BOTH, 1, 0);
    MemoryLog real = new MemoryLog(System::currentTimeMillis);
    try (Simulation simulation =
        new Simulation(clean, real, directory, 200, InstantSource.system())) {
      simulation.start();
      await().until(() -> simulation.transactionsPlanned() >= 100);
      simulation.stopInjecting();
      simulation.drained().get(30, TimeUnit.SECONDS);
      long planned = simulation.transactionsPlanned();
      assertThat(simulation.eventsSent()).isEqualTo(real.all().size());
      long records = 0;
      for (long index = 0; index < planned; index++) {
        records += clean.plan(index).records().size();
      }
      assertThat(records).isEqualTo(real.all().size());
    }
  }

  @Test
  void theRateIsKeptAndAStallIsNotMadeUpFor() throws IOException {
    try (Truth truth = Truth.open(directory)) {
      SimulationLoop loop = loop(truth, new Counters());
      long planned = 0;
      for (int i = 0; i <= 10_000; i += 10) {
        planned += loop.allowed(BEGIN_MS + i, 200);
      }
      assertThat(planned).isEqualTo(2_000);
      assertThat(loop.allowed(BEGIN_MS + 600_000, 200)).isEqualTo(200);
    }
  }

  @Test
  void keysAreTransactionIds() {
    new Simulation(workload, log, directory, 0, () -> Instant.ofEpochMilli(nowMs.addAndGet(1_000)))
        .load(50);
    for (LogRecord record : log.all()) {
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).startsWith("TXN-1-");
    }
  }
}
