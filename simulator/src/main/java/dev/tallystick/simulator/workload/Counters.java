package dev.tallystick.simulator.workload;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a simulation has done so far; written by its thread, read by any. */
final class Counters {

  private final Map<FaultKind, AtomicLong> injected = new EnumMap<>(FaultKind.class);
  private final AtomicLong planned = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong lastDeadlineMs = new AtomicLong();

  Counters() {
    FaultKind.ALL.forEach(kind -> injected.put(kind, new AtomicLong()));
  }

  void planned(@Nullable FaultKind kind) {
    planned.incrementAndGet();
    add(kind, 1);
  }

  /** A repeated transaction redelivers by accident too: its REDELIVERY cannot be told apart. */
  void resumed(@Nullable FaultKind kind) {
    if (kind == FaultKind.REDELIVERY) {
      add(kind, -1);
    }
  }

  void sent() {
    sent.incrementAndGet();
  }

  void deadline(long ms) {
    lastDeadlineMs.accumulateAndGet(ms, Math::max);
  }

  Map<FaultKind, Long> injected() {
    Map<FaultKind, Long> now = new EnumMap<>(FaultKind.class);
    injected.forEach((kind, count) -> now.put(kind, count.get()));
    return Collections.unmodifiableMap(now);
  }

  long transactionsPlanned() {
    return planned.get();
  }

  long eventsSent() {
    return sent.get();
  }

  long lastDeadlineMs() {
    return lastDeadlineMs.get();
  }

  private void add(@Nullable FaultKind kind, long count) {
    if (kind != null) {
      AtomicLong counter = injected.get(kind);
      if (counter != null) {
        counter.addAndGet(count);
      }
    }
  }
}
