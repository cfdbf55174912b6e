package dev.tallystick.core.engine;

import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything one partition makes durable at once. All of it happens, or nothing.
 *
 * @param epoch the fence: another epoch in the progress row means another owner
 * @param attempt number of the try, to match the answer with
 * @param progress per source
 * @param watermarkMs every transaction due below it has been judged; {@link
 *     dev.tallystick.core.model.Event#NONE} leaves the stored one
 * @param changes numbered from the stored seq + 1, without a gap
 * @param seq number of the last change, stored whether or not there are changes
 * @param events number of events first made durable by this commit, for the metric
 */
public record Commit(
    String reconciliation,
    int partition,
    long epoch,
    long attempt,
    Map<String, SourceProgress> progress,
    long watermarkMs,
    List<TransactionWrite> writes,
    List<Change> changes,
    long seq,
    long publishedTo,
    List<DeadLetter> deadLetters,
    List<ArchiveSlice> archive,
    Map<StatisticsKey, Integer> statistics,
    int events) {

  /**
   * Counters are added for offsets at and above the stored {@code archivedTo} only.
   *
   * @param addRead records read
   * @param addDead of them refused at decoding and ours; not those over the bound of a hot key,
   *     which are noticed at a time that depends on the schedule
   * @param addSkipped of them another reconciliation's, as events or as dead letters
   */
  public record SourceProgress(
      long position, long archivedTo, long addRead, long addDead, long addSkipped) {}

  /**
   * One transaction's new row.
   *
   * @param expectedVersion 0 expects no row; n updates that version
   * @param row with version {@code expectedVersion + 1}
   * @param changed mismatches to write (new or different from the row as expected)
   * @param removed mismatches that the row as expected holds and the new one does not
   */
  public record TransactionWrite(
      long expectedVersion,
      TransactionRow row,
      List<Mismatch> changed,
      List<Mismatch.Key> removed) {}

  /** Raw records of one source in offset order, all at or above its stored {@code archivedTo}. */
  public record ArchiveSlice(String source, List<RawRecord> records) {}

  /**
   * @param minuteMs first arrival rounded down to the minute; {@link
   *     dev.tallystick.core.model.Event#NONE} when there is none
   * @param worst type of the worst open mismatch
   */
  public record StatisticsKey(long minuteMs, State state, @Nullable MismatchType worst) {}
}
