package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one partition in memory, and in which of four rooms each stands: touched (to
 * be judged), fresh (no row yet), waiting (equal to its row, a deadline ahead), settled (equal to
 * its row, nothing ahead). Only the last two may leave memory.
 */
final class OpenTransactions {

  private record Due(long deadlineMs, OpenTransaction transaction) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(deadlineMs, other.deadlineMs);
      return byTime != 0 ? byTime : transaction.txnId.compareTo(other.transaction.txnId);
    }
  }

  private final Map<String, OpenTransaction> byKey = new HashMap<>();
  private final SequencedSet<OpenTransaction> touched = new LinkedHashSet<>();
  private final SequencedSet<OpenTransaction> fresh = new LinkedHashSet<>();
  private final SequencedSet<OpenTransaction> waiting = new LinkedHashSet<>();
  private final SequencedSet<OpenTransaction> settled = new LinkedHashSet<>();
  private final NavigableSet<Due> deadlines = new TreeSet<>();

  int size() {
    return byKey.size();
  }

  @Nullable OpenTransaction find(String txnId) {
    return byKey.get(txnId);
  }

  void add(OpenTransaction transaction) {
    byKey.put(transaction.txnId, transaction);
  }

  /** It has to be judged at the next opportunity. */
  void touch(OpenTransaction transaction) {
    waiting.remove(transaction);
    settled.remove(transaction);
    touched.add(transaction);
  }

  SequencedSet<OpenTransaction> touched() {
    return touched;
  }

  /** A record it knows already came again: it stays in memory a while longer. */
  void refresh(OpenTransaction transaction) {
    if (settled.remove(transaction)) {
      settled.add(transaction);
    }
  }

  /** Judged, and not to be written yet: its events are still in Kafka. */
  void rest(OpenTransaction transaction) {
    touched.remove(transaction);
    if (transaction.version() == 0) {
      fresh.add(transaction);
    } else {
      fresh.remove(transaction);
      (transaction.deadlineMs() == Event.NONE ? settled : waiting).add(transaction);
    }
  }

  /** In the commit under way: in no room until the answer. */
  void depart(OpenTransaction transaction) {
    touched.remove(transaction);
    waiting.remove(transaction);
    settled.remove(transaction);
  }

  /** Durable: it rests, or has to be judged again for what came meanwhile. */
  void arrive(OpenTransaction transaction) {
    fresh.remove(transaction);
    if (transaction.hasUnwritten()) {
      touched.add(transaction);
    } else if (!touched.contains(transaction)) {
      rest(transaction);
    }
  }

  /** A judgement said when it has to be looked at again; {@link Event#NONE}: never. */
  void deadline(OpenTransaction transaction, long nextDeadlineMs) {
    long beforeMs = transaction.deadlineMs();
    if (beforeMs == nextDeadlineMs) {
      return;
    }
    if (beforeMs != Event.NONE) {
      deadlines.remove(new Due(beforeMs, transaction));
    }
    if (nextDeadlineMs != Event.NONE) {
      deadlines.add(new Due(nextDeadlineMs, transaction));
    }
    transaction.deadlineMs(nextDeadlineMs);
  }

  /** The earliest deadline in memory, or {@link Event#NONE}. */
  long earliestDeadlineMs() {
    return deadlines.isEmpty() ? Event.NONE : deadlines.first().deadlineMs();
  }

  /**
   * Takes out the transactions whose deadline lies below {@code judgeMs}, earliest first, until
   * there are {@code most} (and those that share the last one's deadline).
   *
   * @return the time to judge at: {@code judgeMs}, or the first deadline that was left
   */
  long takeDue(long judgeMs, int most, Collection<OpenTransaction> into) {
    int taken = 0;
    long lastMs = Event.NONE;
    for (long nextMs = earliestDeadlineMs();
        nextMs != Event.NONE && nextMs < judgeMs;
        nextMs = earliestDeadlineMs()) {
      if (taken >= most && nextMs != lastMs) {
        return nextMs;
      }
      OpenTransaction transaction = deadlines.first().transaction();
      deadline(transaction, Event.NONE);
      into.add(transaction);
      lastMs = nextMs;
      taken++;
    }
    return judgeMs;
  }

  /** Fresh ones born at or before {@code bornMs}, oldest first. */
  List<OpenTransaction> aged(long bornMs, int most) {
    List<OpenTransaction> aged = new ArrayList<>();
    for (OpenTransaction transaction : fresh) {
      if (transaction.bornMs > bornMs || aged.size() == most) {
        break;
      }
      aged.add(transaction);
    }
    return aged;
  }

  /** The oldest fresh ones, whatever their age. */
  List<OpenTransaction> oldest(int count) {
    return fresh.stream().limit(count).toList();
  }

  /** It never was, after all: every record of it fell out. */
  void forget(OpenTransaction transaction) {
    depart(transaction);
    fresh.remove(transaction);
    byKey.remove(transaction.txnId);
    deadline(transaction, Event.NONE);
  }

  /**
   * Lets rest leave memory: the settled beyond {@code settledMax}, and past {@code openMax} also
   * those that wait.
   *
   * @return the earliest deadline that left, or {@link Event#NONE}
   */
  long evict(int openMax, int settledMax) {
    while (!settled.isEmpty() && (settled.size() > settledMax || byKey.size() > openMax)) {
      byKey.remove(settled.removeFirst().txnId);
    }
    long earliestMs = Event.NONE;
    while (!waiting.isEmpty() && byKey.size() > openMax) {
      OpenTransaction gone = waiting.removeFirst();
      byKey.remove(gone.txnId);
      long goneMs = gone.deadlineMs();
      earliestMs = earliestMs == Event.NONE ? goneMs : Math.min(earliestMs, goneMs);
      deadline(gone, Event.NONE);
    }
    return earliestMs;
  }
}
