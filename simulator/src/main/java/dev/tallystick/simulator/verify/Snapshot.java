package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.oracle.Finding;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL holds at one moment. All times are epoch milliseconds; null where the column is.
 */
public interface Snapshot extends AutoCloseable {

  /** Every stored version of every definition. */
  List<Definition> definitions();

  /** By reconciliation and partition. */
  List<Progress> progress();

  void transactions(String reconciliation, int partition, Consumer<Transaction> each);

  void mismatches(String reconciliation, int partition, Consumer<Mismatch> each);

  List<DeadLetter> deadLetters(String reconciliation, int partition);

  List<Count> statistics(String reconciliation, int partition);

  /** By seq. */
  void outbox(String reconciliation, int partition, Consumer<OutboxEntry> each);

  /** By first offset. */
  Iterator<Segment> segments(String topic, int partition);

  @Override
  void close();

  /** A row of {@code partition_progress}; the lists run parallel. */
  record Progress(
      String reconciliation,
      int partition,
      List<String> sources,
      List<String> topics,
      List<Long> positions,
      List<Long> archivedTo,
      List<Long> recordsRead,
      List<Long> recordsDead,
      List<Long> recordsSkipped,
      @Nullable Long watermarkMs) {}

  /** A row of {@code transactions}; {@code tallies} and {@code events} as the text they are. */
  record Transaction(
      String txnId,
      String state,
      String label,
      @Nullable String worst,
      @Nullable Long amount,
      @Nullable String currency,
      @Nullable Long firstArrivalMs,
      @Nullable Long nextDeadlineMs,
      int ruleVersion,
      boolean overflow,
      int redeliveries,
      @Nullable String tallies,
      String events) {}

  /** A row of {@code mismatches}. */
  record Mismatch(String id, String txnId, Finding finding) {}

  /** A row of {@code dead_letters}, as far as the oracle has an opinion. */
  record DeadLetter(String source, String topic, long offset, String reason) {}

  /**
   * A row of {@code statistics}.
   *
   * @param minuteMs null: no arrival yet
   * @param worst empty: no open mismatch
   */
  record Count(@Nullable Long minuteMs, String state, String worst, long transactions) {}

  /** A row of {@code outbox}. */
  record OutboxEntry(long seq, long epoch) {}

  /** A row of {@code event_archive}. */
  record Segment(
      String reconciliation,
      long firstOffset,
      long lastOffset,
      int records,
      String codec,
      byte[] payload) {}
}
