package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.oracle.Decoded;
import dev.tallystick.simulator.oracle.LogRecord;
import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.RecordReader;
import dev.tallystick.simulator.oracle.Report;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the log says about one partition of a reconciliation: events by transaction, records that
 * are none, and which positions must be accounted for. One partition is in memory at a time.
 */
final class PartitionRecords {

  /** Where one source stands; the bits count from {@code start}. */
  static final class SourceRecords {
    final String source;
    final String topic;
    final long start;
    final long position;
    final long archivedTo;
    final BitSet owed = new BitSet();
    final BitSet claimed = new BitSet();
    long read;
    long dead;
    long skipped;

    SourceRecords(String source, String topic, long start, long position, long archivedTo) {
      this.source = source;
      this.topic = topic;
      this.start = start;
      this.position = position;
      this.archivedTo = archivedTo;
    }

    /** Whether the position was free until now; one outside the log read never is. */
    boolean claim(long offset) {
      int bit = (int) (offset - start);
      if (offset < start || claimed.get(bit)) {
        return false;
      }
      claimed.set(bit);
      return true;
    }
  }

  final Map<String, SourceRecords> sources = new TreeMap<>();
  final Map<String, List<Report>> events = new HashMap<>();

  /** Topic and offset → reason, of the dead letters that are this reconciliation's own. */
  final Map<String, Map<Long, String>> refused = new TreeMap<>();

  /** Records below a stored position, of the topics this reconciliation keeps. */
  long records;

  private static final String TOO_MANY = "TOO_MANY_EVENTS";
  private final Map<String, Boolean> overflows = new HashMap<>();
  private final Snapshot.Progress progress;
  private final Rulebooks rulebooks;

  PartitionRecords(Snapshot.Progress progress, Rulebooks rulebooks, Log log) {
    this.progress = progress;
    this.rulebooks = rulebooks;
    for (int i = 0; i < progress.sources().size(); i++) {
      String topic = progress.topics().get(i);
      SourceRecords source =
          new SourceRecords(
              progress.sources().get(i),
              topic,
              log.start(topic, progress.partition()),
              progress.positions().get(i),
              progress.archivedTo().get(i));
      sources.put(source.source, source);
      RecordReader reader =
          new RecordReader(
              source.source, rulebooks.mapping(progress.reconciliation(), source.source));
      long to = Math.max(source.position, source.archivedTo);
      log.read(
          topic, progress.partition(), source.start, to, record -> sort(source, reader, record));
    }
    events.forEach(this::bound);
  }

  /** Records over the hot-key bound are dead letters by position, whether or not there is a row. */
  private void bound(String txnId, List<Report> reports) {
    for (Report over : Oracle.collect(reports).over()) {
      SourceRecords source = sources.get(over.source());
      if (source != null) {
        refused.computeIfAbsent(over.topic(), t -> new TreeMap<>()).put(over.offset(), TOO_MANY);
        overflows.merge(txnId, over.offset() < source.position, Boolean::logicalOr);
      }
    }
  }

  /**
   * What the flag of a row must be: certain once an over-bound record lies below the stored
   * position, as stored while one is only known above it.
   */
  boolean overflow(String txnId, boolean stored) {
    Boolean certain = overflows.get(txnId);
    return certain != null && (certain || stored);
  }

  private void sort(SourceRecords source, RecordReader reader, LogRecord record) {
    String me = progress.reconciliation();
    boolean keeper = rulebooks.keeper(record.topic()).equals(me);
    boolean counted = record.offset() < source.archivedTo;
    boolean due = record.offset() < source.position;
    source.read += counted ? 1 : 0;
    records += due && keeper ? 1 : 0;
    switch (reader.read(record)) {
      case Decoded.Event(Report report) -> {
        if (rulebooks.takes(me, report)) {
          events.computeIfAbsent(report.txnId(), id -> new ArrayList<>(4)).add(report);
          source.owed.set((int) (record.offset() - source.start), due);
        } else if (rulebooks.anyoneTakes(report)) {
          source.skipped += counted ? 1 : 0;
        } else {
          refuse(source, record, "NO_RECONCILIATION", keeper, counted, due);
        }
      }
      case Decoded.Refused(String reason, String detail) ->
          refuse(source, record, reason, keeper, counted, due);
    }
  }

  private void refuse(
      SourceRecords source,
      LogRecord record,
      String reason,
      boolean keeper,
      boolean counted,
      boolean due) {
    if (!keeper) {
      source.skipped += counted ? 1 : 0; // the keeper's dead letter, not this one's
    } else {
      source.dead += counted ? 1 : 0;
      refused.computeIfAbsent(record.topic(), t -> new TreeMap<>()).put(record.offset(), reason);
      source.owed.set((int) (record.offset() - source.start), due);
    }
  }
}
