package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in memory: what its row holds (as far as it is known) and what has been read since.
 * With version 0 it may be a ghost: a part of a transaction whose row we have not seen; then what
 * it says is a wish until the commit's answer (protocol, section 1).
 */
final class OpenTransaction {

  /** What absorbing a record did. */
  enum Absorbed {
    /** Kept as an event. */
    KEPT,
    /** Identical to a kept one: counted. */
    REDELIVERED,
    /** The row accounts for it already. */
    KNOWN,
    /** Over the bound: it is no part of the transaction. */
    OVER
  }

  /**
   * A record that is not yet in the row.
   *
   * @param hold keeps the stored position back until the record is durable
   * @param kept an event; else a redelivery, which is only counted
   */
  private record Unwritten(Event event, RawRecord raw, SourceCursor.Hold hold, boolean kept) {}

  private static final class PerSource {
    final List<Event> kept = new ArrayList<>(1);
    final List<Unwritten> unwritten = new ArrayList<>(1);
    long rowSeenTo = -1;
    int rowRedeliveries;

    long seenTo() {
      return unwritten.isEmpty() ? rowSeenTo : unwritten.getLast().event().offset();
    }

    boolean hasIdentical(Event event) {
      for (Event earlier : kept) {
        if (earlier.isIdenticalTo(event)) {
          return true;
        }
      }
      return false;
    }

    int redeliveries() {
      int count = rowRedeliveries;
      for (Unwritten record : unwritten) {
        count += record.kept() ? 0 : 1;
      }
      return count;
    }
  }

  /** A record that turned out to be no part of the transaction. */
  record Fallen(String source, RawRecord raw) {}

  final String txnId;
  final long bornMs;
  private final int maxEvents;
  private final SortedMap<String, PerSource> sources = new TreeMap<>();
  private long version;
  private @Nullable Verdict written;
  private long deadlineMs = Event.NONE;
  private boolean rowOverflow;
  private boolean overflow;

  OpenTransaction(String txnId, long bornMs, int maxEvents) {
    this.txnId = txnId;
    this.bornMs = bornMs;
    this.maxEvents = maxEvents;
  }

  long version() {
    return version;
  }

  /** The verdict of the row with {@link #version()}; null at version 0. */
  @Nullable Verdict written() {
    return written;
  }

  /** Next deadline of the last judgement, or {@link Event#NONE}. */
  long deadlineMs() {
    return deadlineMs;
  }

  void deadlineMs(long nextDeadlineMs) {
    deadlineMs = nextDeadlineMs;
  }

  /** Records come in offset order per source. */
  Absorbed absorb(Event event, RawRecord raw, SourceCursor.Hold hold) {
    PerSource source = sources.computeIfAbsent(event.source(), name -> new PerSource());
    if (event.offset() <= source.seenTo()) {
      return Absorbed.KNOWN;
    }
    if (source.kept.size() >= maxEvents) {
      overflow = true;
      return Absorbed.OVER;
    }
    boolean kept = !source.hasIdentical(event);
    if (kept) {
      source.kept.add(event);
    }
    source.unwritten.add(new Unwritten(event, raw, hold, kept));
    return kept ? Absorbed.KEPT : Absorbed.REDELIVERED;
  }

  /**
   * Unites with a stored row: the row, plus what memory read beyond it. Idempotent.
   *
   * @return records that are over the bound in the union
   */
  List<Fallen> unite(TransactionRow row) {
    Map<String, PerSource> memory = new TreeMap<>(sources);
    adopt(row);
    List<Fallen> fallen = new ArrayList<>();
    for (Map.Entry<String, PerSource> before : memory.entrySet()) {
      for (Unwritten record : before.getValue().unwritten) {
        Absorbed again = absorb(record.event(), record.raw(), record.hold());
        if (again == Absorbed.OVER) {
          fallen.add(new Fallen(before.getKey(), record.raw()));
        }
        if (again == Absorbed.OVER || again == Absorbed.KNOWN) {
          record.hold().release();
        }
      }
    }
    return fallen;
  }

  /** The row that was expected is not there: everything in memory is unwritten. */
  void forgetRow() {
    version = 0;
    written = null;
  }

  private void adopt(TransactionRow row) {
    sources.clear();
    for (Event event : row.events()) {
      sources.computeIfAbsent(event.source(), name -> new PerSource()).kept.add(event);
    }
    for (Map.Entry<String, Tally> tally : row.tallies().entrySet()) {
      PerSource source = sources.computeIfAbsent(tally.getKey(), name -> new PerSource());
      source.rowSeenTo = tally.getValue().seenTo();
      source.rowRedeliveries = tally.getValue().redeliveries();
    }
    version = row.version();
    written = row.verdict();
    rowOverflow = row.overflow();
    overflow |= rowOverflow;
  }

  /** All kept events, in the order of (source, offset). */
  List<Event> events() {
    List<Event> all = new ArrayList<>(4);
    sources.values().forEach(source -> all.addAll(source.kept));
    return all;
  }

  /** Whether the row lacks something that was read. */
  boolean hasUnwritten() {
    for (PerSource source : sources.values()) {
      if (!source.unwritten.isEmpty()) {
        return true;
      }
    }
    return overflow != rowOverflow;
  }

  int unwrittenCount() {
    int count = 0;
    for (PerSource source : sources.values()) {
      count += source.unwritten.size();
    }
    return count;
  }

  /** The row this memory would write. */
  TransactionRow row(Verdict verdict) {
    SortedMap<String, Tally> tallies = new TreeMap<>();
    sources.forEach(
        (name, source) -> {
          if (source.seenTo() >= 0) {
            tallies.put(name, new Tally(source.seenTo(), source.redeliveries()));
          }
        });
    return new TransactionRow(txnId, version + 1, events(), tallies, overflow, verdict);
  }

  /**
   * {@code row} is durable: what it holds is no longer unwritten.
   *
   * @param redelivered is told how many repetitions became durable, per source
   */
  void committed(TransactionRow row, BiConsumer<String, Integer> redelivered) {
    version = row.version();
    written = row.verdict();
    rowOverflow = row.overflow();
    row.tallies()
        .forEach(
            (name, tally) -> {
              PerSource source = sources.get(name);
              if (source != null) {
                if (tally.redeliveries() > source.rowRedeliveries) {
                  redelivered.accept(name, tally.redeliveries() - source.rowRedeliveries);
                }
                source.rowSeenTo = tally.seenTo();
                source.rowRedeliveries = tally.redeliveries();
                releaseUpTo(source, tally.seenTo());
              }
            });
  }

  private static void releaseUpTo(PerSource source, long offset) {
    Iterator<Unwritten> records = source.unwritten.iterator();
    while (records.hasNext()) {
      Unwritten record = records.next();
      if (record.event().offset() > offset) {
        return;
      }
      record.hold().release();
      records.remove();
    }
  }

  /**
   * PostgreSQL refuses what {@code refused} brings: those records leave the transaction; what was
   * read after it was made stays.
   *
   * @return them, in the order of (source, offset)
   */
  List<Fallen> expel(TransactionRow refused) {
    List<Fallen> fallen = new ArrayList<>();
    sources.forEach(
        (name, source) -> {
          Tally tally = refused.tallies().get(name);
          long upTo = tally == null ? -1 : tally.seenTo();
          while (!source.unwritten.isEmpty()
              && source.unwritten.getFirst().event().offset() <= upTo) {
            Unwritten record = source.unwritten.removeFirst();
            fallen.add(new Fallen(name, record.raw()));
            record.hold().release();
            source.kept.remove(record.event());
          }
        });
    return fallen;
  }

  boolean isEmpty() {
    return sources.values().stream().allMatch(source -> source.kept.isEmpty());
  }

  /** The order in which transactions are written. */
  static final Comparator<OpenTransaction> BY_KEY = Comparator.comparing(open -> open.txnId);
}
