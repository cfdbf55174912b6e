package dev.tallystick.simulator.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a workload and keeps its truth. Runs on one thread of its own after {@link #start}, or on
 * the caller's in {@link #load}. A directory belongs to one simulation at a time; a new one goes on
 * where the last one ended, whatever ended it, and never repeats a transaction id.
 */
public final class Simulation implements AutoCloseable {

  private static final long WAKE_MS = 10;

  private final Workload workload;
  private final RecordSink sink;
  private final double rate;
  private final InstantSource clock;
  private final Truth truth;
  private final Counters counters = new Counters();
  private final SimulationLoop loop;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Thread thread;
  private long nextIndex;
  private volatile boolean injecting = true;
  private volatile boolean closed;

  /**
   * Opens the directory and schedules what an earlier process left unfinished.
   *
   * @param directory of the truth; made when it is not there
   * @param rate transactions per second over all definitions; 0: as fast as the sink takes them,
   *     without the systems' delays
   * @throws UncheckedIOException the directory cannot be read or written
   */
  public Simulation(
      Workload workload, RecordSink sink, Path directory, double rate, InstantSource clock) {
    this.workload = workload;
    this.sink = sink;
    this.rate = rate;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("simulation").unstarted(this::run);
    try {
      truth = Truth.open(directory);
      loop = new SimulationLoop(sink, truth, counters);
      recover(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("opening the truth in " + directory, e);
    }
  }

  /** Against Kafka, by the machine's clock. */
  public static Simulation onKafka(
      Workload workload, String bootstrap, Path directory, double rate) {
    return new Simulation(
        workload, new KafkaSink(bootstrap), directory, rate, InstantSource.system());
  }

  private void recover(Path directory) throws IOException {
    Truth.Position position = Truth.position(directory);
    Set<String> unfinished = new HashSet<>(position.unfinished());
    List<TruthLine> again = new ArrayList<>();
    Set<String> repeats = new HashSet<>();
    Set<String> resumedBefore = new HashSet<>();
    TruthLine.read(
        directory,
        0,
        line -> {
          if (line.amend() == null) {
            counters.planned(line.kind());
            if (line.kind() == FaultKind.REDELIVERY) {
              repeats.add(line.txnId());
            }
            if (line.seed() == workload.seed()) {
              nextIndex = Math.max(nextIndex, line.index() + 1);
            }
            if (line.end() > position.truthBytes() || unfinished.contains(line.txnId())) {
              again.add(line);
            }
          } else if (line.amend().equals("resumed") && resumedBefore.add(line.txnId())) {
            counters.resumed(repeats.contains(line.txnId()) ? FaultKind.REDELIVERY : null);
          }
        });
    for (TruthLine line : again) {
      int round = line.reason() == null ? 0 : Poison.ALL.indexOf(Poison.valueOf(line.reason()));
      TransactionPlan plan = workload.withSeed(line.seed()).plan(line.index(), line.kind(), round);
      if (!plan.reconciliation().equals(line.reconciliation())) {
        throw new IllegalStateException(
            directory + ": the definitions changed while " + line.txnId() + " was under way");
      }
      loop.resume(plan, line.beginMs(), clock.millis(), resumedBefore.contains(line.txnId()));
    }
  }

  /** Begins to send. */
  public void start() {
    thread.start();
  }

  /** Sends {@code count} transactions as fast as possible on this thread and waits for the log. */
  public void load(long count) {
    for (long left = count; left > 0 || !loop.isIdle(); ) {
      long nowMs = clock.millis();
      List<TransactionPlan> fresh = plans((int) Math.min(left, loop.allowed(nowMs, 0)));
      left -= fresh.size();
      park(loop.step(nowMs, fresh, true), nowMs, fresh.isEmpty());
    }
    loop.close();
  }

  private void run() {
    try {
      while (!closed) {
        long nowMs = clock.millis();
        boolean more = injecting;
        List<TransactionPlan> fresh = more ? plans(loop.allowed(nowMs, rate)) : List.of();
        long wakeMs = loop.step(nowMs, fresh, rate <= 0);
        if (!more && loop.isIdle()) {
          break;
        }
        park(wakeMs, nowMs, rate > 0 || fresh.isEmpty());
      }
      loop.close();
      if (loop.isIdle()) {
        drained.complete(null);
      } else {
        drained.completeExceptionally(new IllegalStateException("closed before it was drained"));
      }
    } catch (RuntimeException e) {
      drained.completeExceptionally(e);
    }
  }

  private List<TransactionPlan> plans(int count) {
    List<TransactionPlan> plans = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      plans.add(workload.plan(nextIndex++));
    }
    return plans;
  }

  private static void park(long wakeMs, long nowMs, boolean wait) {
    if (wait) {
      long ms = Math.max(1, Math.min(WAKE_MS, wakeMs - nowMs));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
  }

  /** No new transactions from now on; what is scheduled is still sent. */
  public void stopInjecting() {
    injecting = false;
  }

  /**
   * Completes after {@link #stopInjecting} when everything scheduled is acknowledged (late events
   * take their SLA and up to 8 s more); fails when the simulation broke or was closed before.
   */
  public CompletableFuture<Void> drained() {
    return drained.copy();
  }

  /** By kind, over the whole directory; REDELIVERY without resumed transactions. */
  public Map<FaultKind, Long> injected() {
    return counters.injected();
  }

  /** Records handed to the sink by this process, poison and repeats included. */
  public long eventsSent() {
    return counters.eventsSent();
  }

  /** Over the whole directory. */
  public long transactionsPlanned() {
    return counters.transactionsPlanned();
  }

  /** Log time of the last deadline of all that was sent by this process; 0: none yet. */
  public long lastDeadlineMs() {
    return counters.lastDeadlineMs();
  }

  /** Stops at once; what was scheduled is resumed by the next simulation of the directory. */
  @Override
  public void close() {
    closed = true;
    stopInjecting();
    if (thread.isAlive()) {
      thread.interrupt(); // it may wait inside the producer
      try {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    sink.close();
    truth.close();
  }
}
