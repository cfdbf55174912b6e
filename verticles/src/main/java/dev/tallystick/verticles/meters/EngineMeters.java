package dev.tallystick.verticles.meters;

import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.engine.PartitionEngine;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Reading;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** The engine's metrics by their names in contracts, section 8 ({@code tallystick_…}). */
public final class EngineMeters {

  private final MeterRegistry registry;
  private final LongSupplier clockMs;
  private final Timer commitTime;
  private final DistributionSummary commitEvents;
  private final Counter reread;
  private final Counter fenced;
  private final Counter bridgeDropped;

  public EngineMeters(MeterRegistry registry, LongSupplier clockMs) {
    this.registry = registry;
    this.clockMs = clockMs;
    this.commitTime =
        Timer.builder("tallystick.commit")
            .description("Time of one PostgreSQL transaction of the engine")
            .publishPercentileHistogram()
            .register(registry);
    this.commitEvents =
        DistributionSummary.builder("tallystick.commit.events")
            .description("Events first made durable by one PostgreSQL transaction")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    this.reread =
        Counter.builder("tallystick.records.reread")
            .description("Records read again after a claim because they were not durable")
            .register(registry);
    this.fenced =
        Counter.builder("tallystick.fenced")
            .description("Commits refused because another owner has the partition")
            .register(registry);
    this.bridgeDropped =
        Counter.builder("tallystick.bridge.dropped")
            .description("Messages not delivered to a browser that reads too slowly")
            .register(registry);
  }

  /** A message was not delivered to one browser. */
  public void bridgeDropped() {
    bridgeDropped.increment();
  }

  /** Browsers connected to this node; the gauge is removed by closing what is returned. */
  public AutoCloseable bridgeSockets(Supplier<Number> open) {
    Gauge gauge =
        Gauge.builder("tallystick.bridge.sockets", open)
            .description("Open sockets of browsers")
            .register(registry);
    return () -> registry.remove(gauge);
  }

  /** One PostgreSQL transaction was answered. */
  public void committed(List<Commit> commits, List<CommitAnswer> answers, long nanos) {
    commitTime.record(nanos, TimeUnit.NANOSECONDS);
    int events = 0;
    for (int i = 0; i < commits.size(); i++) {
      if (answers.get(i) instanceof CommitAnswer.Committed) {
        events += commits.get(i).events();
      }
    }
    if (events > 0) {
      commitEvents.record(events);
    }
  }

  /** Lag per source and partition, from the consumer. */
  public void lag(
      String reconciliation,
      Supplier<Map<TopicPartition, Long>> lags,
      Map<String, String> topicsBySource) {
    topicsBySource.forEach(
        (source, topic) ->
            Gauge.builder(
                    "tallystick.lag.records",
                    () ->
                        lags.get().entrySet().stream()
                            .filter(lag -> lag.getKey().topic().equals(topic))
                            .mapToLong(Map.Entry::getValue)
                            .sum())
                .tags("reconciliation", reconciliation, "source", source)
                .register(registry));
  }

  /** A reconciliation stopped for good. */
  public void halted(String reconciliation) {
    Counter.builder("tallystick.halted")
        .description("Reconciliations that stopped and need a person")
        .tags("reconciliation", reconciliation)
        .register(registry)
        .increment();
  }

  /** Metrics of one partition for as long as its actor lives. */
  public Partition partition(String reconciliation, int partition, PartitionEngine engine) {
    return new Partition(reconciliation, partition, engine);
  }

  /** See {@link #partition}. Called by its actor alone. */
  public final class Partition implements AutoCloseable {

    private final String reconciliation;
    private final PartitionEngine engine;
    private final List<Meter> gauges = new ArrayList<>();
    private final Map<String, Long> redelivered = new HashMap<>();
    private volatile long open;
    private volatile long watermarkMs = Event.NONE;
    private volatile long unpublished;
    private long violations;

    private Partition(String reconciliation, int partition, PartitionEngine engine) {
      this.reconciliation = reconciliation;
      this.engine = engine;
      Tags tags = Tags.of("reconciliation", reconciliation, "partition", "" + partition);
      gauges.add(
          Gauge.builder("tallystick.open.transactions", () -> open).tags(tags).register(registry));
      gauges.add(
          Gauge.builder("tallystick.watermark.age.seconds", this::watermarkAgeSeconds)
              .tags(tags)
              .register(registry));
      gauges.add(
          Gauge.builder("tallystick.outbox.pending", () -> unpublished)
              .tags(tags)
              .register(registry));
    }

    private double watermarkAgeSeconds() {
      return watermarkMs == Event.NONE ? Double.NaN : (clockMs.getAsLong() - watermarkMs) / 1_000.0;
    }

    /**
     * A batch was absorbed.
     *
     * @param archivedTo records below were read before, by us or a former owner
     */
    public void read(String source, List<Reading> readings, long archivedTo) {
      count("tallystick.records", Tags.of("source", source), readings.size());
      long again = readings.stream().filter(reading -> reading.raw().offset() < archivedTo).count();
      if (again > 0) {
        reread.increment((double) again);
      }
      open = engine.openTransactions();
      watermarkMs = engine.watermarkMs();
      if (engine.timeViolations() > violations) {
        count(
            "tallystick.time.violations",
            Tags.of("source", source),
            engine.timeViolations() - violations);
        violations = engine.timeViolations();
      }
    }

    /** A commit was answered. */
    public void answered(Commit commit, CommitAnswer answer) {
      if (answer instanceof CommitAnswer.Fenced) {
        fenced.increment();
      }
      if (!(answer instanceof CommitAnswer.Committed)) {
        return;
      }
      Map<String, Integer> states = new HashMap<>();
      commit
          .writes()
          .forEach(write -> states.merge(write.row().verdict().state().name(), 1, Integer::sum));
      states.forEach(
          (state, written) ->
              count(
                  "tallystick.transactions",
                  Tags.of("reconciliation", reconciliation, "state", state),
                  written));
      for (Change change : commit.changes()) {
        if (change.kind() == Change.Kind.OPENED || change.kind() == Change.Kind.REOPENED) {
          count("tallystick.mismatches", Tags.of("type", change.mismatch().type().name()), 1);
        }
      }
      for (DeadLetter letter : commit.deadLetters()) {
        count("tallystick.dead.letters", Tags.of("reason", letter.reason().name()), 1);
      }
      open = engine.openTransactions();
      watermarkMs = engine.watermarkMs();
      unpublished = engine.unpublished();
      engine
          .redeliveries()
          .forEach(
              (source, total) -> {
                long before = redelivered.getOrDefault(source, 0L);
                count("tallystick.redeliveries", Tags.of("source", source), total - before);
                redelivered.put(source, total);
              });
    }

    private void count(String name, Tags tags, long by) {
      registry.counter(name, tags).increment((double) by);
    }

    @Override
    public void close() {
      gauges.forEach(registry::remove);
    }
  }
}
