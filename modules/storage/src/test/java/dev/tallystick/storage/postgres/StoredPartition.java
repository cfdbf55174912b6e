package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.ArchiveSlice;
import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.engine.Commit.StatisticsKey;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.TransactionRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds commits of one claimed partition the way the engine does: versions, increments and changes
 * come from the row as expected and the row as written.
 */
public final class StoredPartition {

  public static final List<SourceStart> STARTS =
      List.of(
          new SourceStart("gateway", "gateway_txns", "id-g", 0),
          new SourceStart("bank", "bank_txns", "id-b", 0),
          new SourceStart("operator", "tallystick_settlement_commands", "id-o", 0));

  private final String reconciliation;
  private final int partition;
  private final long epoch;
  private final Map<String, TransactionRow> known = new HashMap<>();
  private final Map<String, SourceProgress> progress = new TreeMap<>();
  private final List<TransactionWrite> writes = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<ArchiveSlice> archive = new ArrayList<>();
  private final Map<StatisticsKey, Integer> statistics = new HashMap<>();
  private long seq;
  private long attempt;
  private long publishedTo;
  private long watermarkMs = Event.NONE;

  public StoredPartition(String reconciliation, int partition, Claim claim) {
    this.reconciliation = reconciliation;
    this.partition = partition;
    this.epoch = claim.epoch();
    this.seq = claim.seq();
    this.publishedTo = claim.publishedTo();
    claim
        .positions()
        .forEach(
            (source, at) ->
                progress.put(source, new SourceProgress(at.position(), at.archivedTo(), 0, 0, 0)));
  }

  /** Writes the row as the successor of what this partition knows of it. */
  public StoredPartition write(TransactionRow row) {
    TransactionRow old = known.get(row.txnId());
    return write(old == null ? 0 : old.version(), row);
  }

  public StoredPartition write(long expectedVersion, TransactionRow row) {
    TransactionRow old = known.get(row.txnId());
    TransactionRow written = Samples.version(row, expectedVersion + 1);
    Map<Mismatch.Key, Mismatch> before = new TreeMap<>();
    if (old != null) {
      old.verdict().mismatches().forEach(mismatch -> before.put(mismatch.key(), mismatch));
      count(old, -1);
    }
    count(written, 1);
    List<Mismatch> changed = new ArrayList<>();
    for (Mismatch mismatch : written.verdict().mismatches()) {
      if (!mismatch.equals(before.remove(mismatch.key()))) {
        changed.add(mismatch);
        changes.add(
            new Change(
                ++seq,
                Change.Kind.OPENED,
                row.txnId(),
                row.verdict().state(),
                row.verdict().label(),
                written.version(),
                mismatch));
      }
    }
    writes.add(
        new TransactionWrite(expectedVersion, written, changed, List.copyOf(before.keySet())));
    known.put(row.txnId(), written);
    return this;
  }

  private void count(TransactionRow row, int add) {
    long at = row.verdict().firstArrivalMs();
    long minuteMs = at == Event.NONE ? at : Math.floorDiv(at, 60_000L) * 60_000L;
    statistics.merge(
        new StatisticsKey(minuteMs, row.verdict().state(), row.verdict().worst()),
        add,
        Integer::sum);
  }

  public StoredPartition at(String source, long position, long archivedTo) {
    progress.put(source, new SourceProgress(position, archivedTo, 1, 0, 0));
    return this;
  }

  public StoredPartition dead(DeadLetter letter) {
    deadLetters.add(letter);
    return this;
  }

  public StoredPartition archive(ArchiveSlice slice) {
    archive.add(slice);
    return this;
  }

  public StoredPartition published(long seq) {
    publishedTo = seq;
    return this;
  }

  public StoredPartition watermark(long ms) {
    watermarkMs = ms;
    return this;
  }

  public StoredPartition seq(long next) {
    seq = next;
    return this;
  }

  /** The commit so far; the next one starts empty. */
  public Commit commit() {
    Commit commit =
        new Commit(
            reconciliation,
            partition,
            epoch,
            ++attempt,
            Map.copyOf(progress),
            watermarkMs,
            List.copyOf(writes),
            List.copyOf(changes),
            seq,
            publishedTo,
            List.copyOf(deadLetters),
            List.copyOf(archive),
            Map.copyOf(statistics),
            0);
    writes.clear();
    changes.clear();
    deadLetters.clear();
    archive.clear();
    statistics.clear();
    return commit;
  }
}
