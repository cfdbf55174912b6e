package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.engine.InvariantViolation;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A progress row under our lock. Arrays run parallel to {@code sources}.
 *
 * @param seq number of the last stored change
 */
record LockedProgress(
    PartitionKey key,
    List<String> sources,
    List<String> topics,
    List<Long> positions,
    List<Long> archivedTo,
    List<Long> read,
    List<Long> dead,
    List<Long> skipped,
    long seq) {

  static final String COLUMNS =
      """
      p.reconciliation, p.partition, p.sources, p.topics, p.positions, p.archived_to,
      p.records_read, p.records_dead, p.records_skipped, p.seq
      """;

  static LockedProgress of(Row row) {
    return new LockedProgress(
        new PartitionKey(TransactionRows.text(row, "reconciliation"), row.getInteger("partition")),
        List.of(row.getArrayOfStrings("sources")),
        List.of(row.getArrayOfStrings("topics")),
        List.of(row.getArrayOfLongs("positions")),
        List.of(row.getArrayOfLongs("archived_to")),
        List.of(row.getArrayOfLongs("records_read")),
        List.of(row.getArrayOfLongs("records_dead")),
        List.of(row.getArrayOfLongs("records_skipped")),
        row.getLong("seq"));
  }

  /**
   * @throws InvariantViolation for a source that the claim did not know
   */
  String topic(String source) {
    int index = sources.indexOf(source);
    if (index < 0) {
      throw new InvariantViolation(key + ": source " + source + " has no position");
    }
    return topics.get(index);
  }

  /** The columns after the commit, as PostgreSQL writes arrays: SQL cannot unnest uneven ones. */
  String positionsAfter(Commit commit) {
    return after(commit, positions, 0, SourceProgress::position);
  }

  String archivedToAfter(Commit commit) {
    return after(commit, archivedTo, 0, SourceProgress::archivedTo);
  }

  String readAfter(Commit commit) {
    return after(commit, read, 1, SourceProgress::addRead);
  }

  String deadAfter(Commit commit) {
    return after(commit, dead, 1, SourceProgress::addDead);
  }

  String skippedAfter(Commit commit) {
    return after(commit, skipped, 1, SourceProgress::addSkipped);
  }

  private String after(
      Commit commit, List<Long> stored, int keep, ToLongFunction<SourceProgress> column) {
    StringJoiner array = new StringJoiner(",", "{", "}");
    for (int i = 0; i < sources.size(); i++) {
      SourceProgress progress = commit.progress().get(sources.get(i));
      long before = stored.get(i);
      long value = progress == null ? before : keep * before + column.applyAsLong(progress);
      array.add(Long.toString(value));
    }
    return array.toString();
  }

  /** Which position the guard of the update held back; null when none goes back. */
  @Nullable InvariantViolation violation(Commit commit) {
    for (String source : new TreeSet<>(commit.progress().keySet())) {
      int index = sources.indexOf(source);
      topic(source);
      SourceProgress progress = commit.progress().get(source);
      if (progress == null) {
        continue;
      }
      if (progress.position() < positions.get(index)) {
        return back(source, "position", positions.get(index), progress.position());
      }
      if (progress.archivedTo() < archivedTo.get(index)) {
        return back(source, "archived_to", archivedTo.get(index), progress.archivedTo());
      }
    }
    return null;
  }

  private InvariantViolation back(String source, String what, long stored, long written) {
    return new InvariantViolation(
        key + ": " + what + " of " + source + " goes back from " + stored + " to " + written);
  }

  /**
   * What must hold before anything is sent: sources are known, changes continue the stored seq. A
   * seq used twice would otherwise look like refused data: the outbox has it as its key.
   *
   * @throws InvariantViolation when it does not
   */
  void require(Commit commit) {
    commit.progress().keySet().forEach(this::topic);
    if (seq != commit.seq() - commit.changes().size() || commit.publishedTo() > commit.seq()) {
      throw new InvariantViolation(
          key
              + ": seq "
              + commit.seq()
              + " with "
              + commit.changes().size()
              + " changes after seq "
              + seq
              + ", published to "
              + commit.publishedTo());
    }
    long next = seq;
    for (Change change : commit.changes()) {
      next++;
      if (change.seq() != next) {
        throw new InvariantViolation(
            key + ": change of " + change.txnId() + " has seq " + change.seq() + ", not " + next);
      }
    }
  }
}
