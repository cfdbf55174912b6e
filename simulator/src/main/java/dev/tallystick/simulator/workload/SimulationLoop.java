package dev.tallystick.simulator.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The simulation without thread and clock: {@link #step} does all that is due at a time and says
 * when to come again. Order of every step: answers of the broker, new transactions (their truth
 * reaches the operating system first), sends, position.
 */
final class SimulationLoop {

  /** Transactions that are under way; above it, new ones wait: a broker that is away. */
  static final int OPEN_MAX = 100_000;

  /** Records sent and not acknowledged. */
  static final int IN_FLIGHT_MAX = 20_000;

  private static final int NEW_PER_STEP_MAX = 2_000;
  private static final long POSITION_EVERY_MS = 1_000;
  private static final long RETRY_MS = 1_000;
  private static final long CATCH_UP_MS = 1_000;

  private final RecordSink sink;
  private final Truth truth;
  private final Counters counters;
  private final Map<String, Open> open = new LinkedHashMap<>();
  private final PriorityQueue<Send> queue =
      new PriorityQueue<>(Comparator.comparingLong(Send::dueMs).thenComparingLong(Send::number));
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private long sendNumber;
  private long positionAtMs = Long.MIN_VALUE;
  private boolean positionStale = true;

  // Pacing: how many new transactions were allowed since `paceFromMs`.
  private long paceFromMs = Long.MIN_VALUE;
  private long paced;

  SimulationLoop(RecordSink sink, Truth truth, Counters counters) {
    this.sink = sink;
    this.truth = truth;
    this.counters = counters;
  }

  private record Send(long dueMs, long number, Open of, PlannedRecord record) {}

  private record Answer(Send send, long recordedAtMs, @Nullable Exception failure) {}

  /** A transaction under way. */
  private static final class Open {
    final TransactionPlan plan;
    final long beginMs;
    final Map<String, Long> arrivedMs = new HashMap<>(); // source → log time of its first event
    int awaited; // records neither late nor acknowledged
    int awaitedLate;
    boolean resumed;

    Open(TransactionPlan plan, long beginMs) {
      this.plan = plan;
      this.beginMs = beginMs;
    }
  }

  /** What the pace allows now; a stall is made up for one second, not for its whole length. */
  int allowed(long nowMs, double rate) {
    if (open.size() >= OPEN_MAX || inFlight.get() >= IN_FLIGHT_MAX) {
      return 0;
    }
    if (rate <= 0) {
      return NEW_PER_STEP_MAX;
    }
    if (paceFromMs == Long.MIN_VALUE) {
      paceFromMs = nowMs;
    }
    double owed = (nowMs - paceFromMs) * rate / 1_000 - paced;
    if (owed > rate * CATCH_UP_MS / 1_000 + 1) {
      paceFromMs = nowMs - CATCH_UP_MS;
      paced = 0;
      owed = rate * CATCH_UP_MS / 1_000;
    }
    int now = (int) Math.min(NEW_PER_STEP_MAX, Math.max(0, Math.floor(owed)));
    paced += now;
    return now;
  }

  /**
   * Plans, sends, listens.
   *
   * @param fresh new transactions, their truth not yet written
   * @param flat send at once, without the systems' delays
   * @return when to come again at the latest, epoch milliseconds
   */
  long step(long nowMs, List<TransactionPlan> fresh, boolean flat) {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      take(answer, nowMs);
    }
    for (TransactionPlan plan : fresh) {
      truth.planned(plan, nowMs);
      counters.planned(plan.kind());
      schedule(new Open(plan, nowMs), nowMs, flat);
    }
    truth.flush();
    while (!queue.isEmpty() && queue.peek().dueMs() <= nowMs && inFlight.get() < IN_FLIGHT_MAX) {
      send(queue.poll());
    }
    if (positionStale && nowMs >= positionAtMs + POSITION_EVERY_MS) {
      storePosition();
      positionAtMs = nowMs;
    }
    return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueMs();
  }

  /** Sends all of a transaction again that an earlier process may not have finished. */
  void resume(TransactionPlan plan, long beginMs, long nowMs, boolean saidBefore) {
    Open again = new Open(plan, beginMs);
    again.resumed = true;
    if (!saidBefore) {
      truth.amended(plan.txnId(), "resumed", null);
      counters.resumed(plan.kind());
    }
    schedule(again, nowMs, false);
  }

  private void schedule(Open of, long nowMs, boolean flat) {
    open.put(of.plan.txnId(), of);
    positionStale = true;
    for (PlannedRecord record : of.plan.records()) {
      if (record.isLate()) {
        of.awaitedLate++;
      } else {
        of.awaited++;
        enqueue(flat ? nowMs : nowMs + record.delayMs(), of, record);
      }
    }
  }

  private void enqueue(long dueMs, Open of, PlannedRecord record) {
    queue.add(new Send(dueMs, sendNumber++, of, record));
  }

  private void send(Send send) {
    inFlight.incrementAndGet();
    PlannedRecord record = send.record();
    sink.send(
        record.topic(),
        record.key(),
        record.value(send.of().beginMs),
        recordedAtMs -> answer(new Answer(send, recordedAtMs, null)),
        failure -> answer(new Answer(send, 0, failure)));
    counters.sent();
  }

  /** On the sink's thread. */
  private void answer(Answer answer) {
    answers.add(answer);
    inFlight.decrementAndGet();
  }

  private void take(Answer answer, long nowMs) {
    Open of = answer.send().of();
    PlannedRecord record = answer.send().record();
    if (answer.failure() != null) {
      if (!of.resumed) {
        // It may be in the log all the same: the repeat is then a redelivery nobody planned.
        of.resumed = true;
        truth.amended(of.plan.txnId(), "resumed", null);
        counters.resumed(of.plan.kind());
      }
      enqueue(nowMs + RETRY_MS, of, record);
      return;
    }
    if (record.poison() == null) {
      of.arrivedMs.merge(record.source(), answer.recordedAtMs(), Math::min);
    }
    if (record.isLate()) {
      of.awaitedLate--;
    } else if (--of.awaited == 0) {
      arrived(of);
    }
    if (of.awaited == 0 && of.awaitedLate == 0) {
      open.remove(of.plan.txnId());
      positionStale = true;
    }
  }

  /** All that comes in time is in the log; its deadlines are known now. */
  private void arrived(Open of) {
    long firstMs = of.arrivedMs.values().stream().min(Long::compare).orElse(of.beginMs);
    of.arrivedMs.forEach(
        (source, atMs) -> {
          if (atMs > firstMs + slaMs(of, source)) {
            truth.amended(of.plan.txnId(), "delayed", source);
          }
        });
    long lastMs = firstMs + of.plan.slaMs().values().stream().max(Long::compare).orElse(0L);
    counters.deadline(lastMs);
    for (PlannedRecord record : of.plan.records()) {
      if (record.isLate()) {
        enqueue(firstMs + slaMs(of, record.source()) + record.afterDeadlineMs(), of, record);
      }
    }
  }

  private static long slaMs(Open of, String source) {
    return of.plan.slaMs().getOrDefault(source, 0L);
  }

  private void storePosition() {
    truth.position(new ArrayList<>(open.keySet()));
    positionStale = false;
  }

  /** Nothing is scheduled, and everything sent is acknowledged. */
  boolean isIdle() {
    return open.isEmpty() && answers.isEmpty() && inFlight.get() == 0;
  }

  void close() {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      take(answer, 0);
    }
    storePosition();
  }
}
