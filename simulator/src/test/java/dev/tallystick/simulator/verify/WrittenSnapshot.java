package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.oracle.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a {@link RightSnapshot} into a migrated PostgreSQL. */
final class WrittenSnapshot {

  private final Connection connection;

  WrittenSnapshot(Connection connection) {
    this.connection = connection;
  }

  void write(RightSnapshot right, List<String> texts) throws SQLException {
    for (int i = 0; i < texts.size(); i++) {
      insert(
          "reconciliation_versions(reconciliation, version, hash, definition, judge_version)",
          right.definitions.get(i).name(),
          1,
          "-",
          texts.get(i),
          1);
    }
    for (Snapshot.Progress p : right.progress) {
      String place = RightSnapshot.place(p.reconciliation(), p.partition());
      insert(
          "partition_progress(reconciliation, partition, epoch, owner, sources, topics, topic_ids,"
              + " positions, archived_to, records_read, records_dead, records_skipped, watermark)",
          p.reconciliation(),
          p.partition(),
          2,
          "test",
          texts(p.sources()),
          texts(p.topics()),
          texts(p.topics()),
          numbers(p.positions()),
          numbers(p.archivedTo()),
          numbers(p.recordsRead()),
          numbers(p.recordsDead()),
          numbers(p.recordsSkipped()),
          time(p.watermarkMs()));
      transactions(p, right.transactions.getOrDefault(place, List.of()));
      mismatches(p, right.mismatches.getOrDefault(place, List.of()));
      for (Snapshot.DeadLetter d : right.deadLetters.getOrDefault(place, List.of())) {
        insert(
            "dead_letters(reconciliation, topic, partition, \"offset\", source, reason, detail,"
                + " key, recorded_at, created_at)",
            p.reconciliation(),
            d.topic(),
            p.partition(),
            d.offset(),
            d.source(),
            d.reason(),
            "",
            right.keyOf(d.topic(), p.partition(), d.offset()),
            time(0L),
            time(0L));
      }
      for (Snapshot.Count c : right.statistics.getOrDefault(place, List.of())) {
        insert(
            "statistics(reconciliation, partition, minute, state, worst, transactions)",
            p.reconciliation(),
            p.partition(),
            time(c.minuteMs()),
            c.state(),
            c.worst(),
            c.transactions());
      }
      for (Snapshot.OutboxEntry o : right.outbox.getOrDefault(place, List.of())) {
        insert(
            "outbox(reconciliation, partition, seq, epoch, type, payload, committed_at)",
            p.reconciliation(),
            p.partition(),
            o.seq(),
            o.epoch(),
            "AMOUNT",
            "{}",
            time(0L));
      }
    }
    right.segments.forEach((place, segments) -> segments(place, segments));
  }

  private void transactions(Snapshot.Progress p, List<Snapshot.Transaction> rows)
      throws SQLException {
    for (Snapshot.Transaction t : rows) {
      insert(
          "transactions(reconciliation, partition, txn_id, version, state, label, worst, amount,"
              + " currency, first_arrival, next_deadline, rule_version, ticked, overflow,"
              + " redeliveries, tallies, events, updated_at)",
          p.reconciliation(),
          p.partition(),
          t.txnId(),
          1L,
          t.state(),
          t.label(),
          t.worst(),
          t.amount(),
          t.currency(),
          time(t.firstArrivalMs()),
          time(t.nextDeadlineMs()),
          t.ruleVersion(),
          texts(List.of()),
          t.overflow(),
          t.redeliveries(),
          t.tallies(),
          t.events(),
          time(0L));
    }
  }

  private void mismatches(Snapshot.Progress p, List<Snapshot.Mismatch> rows) throws SQLException {
    for (Snapshot.Mismatch row : rows) {
      Finding m = row.finding();
      insert(
          "mismatches(id, reconciliation, partition, txn_id, type, source, field, expected, actual,"
              + " delta, tolerance, currency, rule, sources, severity, opened_at, closed_at,"
              + " closed_by)",
          row.id(),
          p.reconciliation(),
          p.partition(),
          row.txnId(),
          m.type().name(),
          m.source(),
          m.field(),
          m.expected(),
          m.actual(),
          m.delta(),
          m.tolerance(),
          m.currency(),
          m.rule(),
          texts(m.sources()),
          m.severity(),
          time(m.openedAtMs()),
          time(m.closedAtMs()),
          m.closedBy());
    }
  }

  private void segments(String place, List<Snapshot.Segment> segments) {
    int slash = place.indexOf('/');
    for (Snapshot.Segment s : segments) {
      try {
        insert(
            "event_archive(topic, partition, first_offset, last_offset, reconciliation, records,"
                + " first_recorded_at, last_recorded_at, codec, payload)",
            place.substring(0, slash),
            Integer.valueOf(place.substring(slash + 1)),
            s.firstOffset(),
            s.lastOffset(),
            s.reconciliation(),
            s.records(),
            time(0L),
            time(0L),
            s.codec(),
            s.payload());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void insert(String table, @Nullable Object... values) throws SQLException {
    String marks = "?" + ", ?".repeat(values.length - 1);
    try (PreparedStatement statement =
        connection.prepareStatement("insert into " + table + " values (" + marks + ")")) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static @Nullable Timestamp time(@Nullable Long ms) {
    return ms == null ? null : Timestamp.from(Instant.ofEpochMilli(ms));
  }

  private Object texts(List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  private Object numbers(List<Long> values) throws SQLException {
    return connection.createArrayOf("bigint", values.toArray());
  }
}
