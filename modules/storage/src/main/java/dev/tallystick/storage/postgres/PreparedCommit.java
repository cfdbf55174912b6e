package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.model.RawRecord;
import java.util.List;

/** A commit with its archive compressed: the work that must not be done under locks. */
record PreparedCommit(PartitionKey key, Commit commit, List<Segment> segments) {

  /** One row of the archive. */
  record Segment(
      String source,
      long firstOffset,
      long lastOffset,
      int records,
      long firstRecordedAtMs,
      long lastRecordedAtMs,
      byte[] payload) {}

  static PreparedCommit of(Commit commit) {
    return new PreparedCommit(
        new PartitionKey(commit.reconciliation(), commit.partition()),
        commit,
        commit.archive().stream()
            .filter(slice -> !slice.records().isEmpty())
            .map(slice -> segment(slice.source(), slice.records()))
            .toList());
  }

  private static Segment segment(String source, List<RawRecord> records) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RawRecord record : records) {
      first = Math.min(first, record.timestampMs());
      last = Math.max(last, record.timestampMs());
    }
    return new Segment(
        source,
        records.getFirst().offset(),
        records.getLast().offset(),
        records.size(),
        first,
        last,
        ArchiveCodec.encode(records));
  }

  /** Bytes to compress. */
  static long archiveBytes(List<Commit> commits) {
    long bytes = 0;
    for (Commit commit : commits) {
      for (Commit.ArchiveSlice slice : commit.archive()) {
        for (RawRecord record : slice.records()) {
          byte[] value = record.value();
          bytes += value == null ? 0 : value.length;
        }
      }
    }
    return bytes;
  }
}
