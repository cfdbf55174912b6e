package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.Columns.bytes;
import static dev.tallystick.storage.postgres.Columns.ints;
import static dev.tallystick.storage.postgres.Columns.numbers;
import static dev.tallystick.storage.postgres.Columns.texts;
import static dev.tallystick.storage.postgres.Columns.times;

import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.StatisticsKey;
import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.engine.MismatchJson;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.wire.JsonText;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a commit writes beside the transactions; no row is shared between partitions. */
final class SideStatements {

  private static final String ARCHIVE =
      """
      insert into event_archive (
        topic, partition, first_offset, last_offset, reconciliation, records, first_recorded_at,
        last_recorded_at, codec, payload)
      select n.topic, n.partition, n.first_offset, n.last_offset, n.reconciliation, n.records,
             n.first_recorded_at, n.last_recorded_at, $10::text, n.payload
        from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::int[],
                    $7::timestamptz[], $8::timestamptz[], $9::bytea[])
          as n(topic, partition, first_offset, last_offset, reconciliation, records,
               first_recorded_at, last_recorded_at, payload)
      """;

  private static final String DEAD_LETTERS =
      """
      insert into dead_letters (
        reconciliation, topic, partition, "offset", source, reason, detail, key, value, headers,
        recorded_at, created_at)
      select n.reconciliation, n.topic, n.partition, n.at, n.source, n.reason, n.detail, n.key,
             n.value, n.headers, n.recorded_at, $12::timestamptz
        from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::text[],
                    $7::text[], $8::bytea[], $9::bytea[], $10::text[], $11::timestamptz[])
          as n(reconciliation, topic, partition, at, source, reason, detail, key, value, headers,
               recorded_at)
      on conflict do nothing
      """;

  private static final String STATISTICS =
      """
      insert into statistics as s (reconciliation, partition, minute, state, worst, transactions)
      select n.reconciliation, n.partition, coalesce(n.minute, '-infinity'), n.state, n.worst,
             n.transactions
        from unnest($1::text[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[])
          as n(reconciliation, partition, minute, state, worst, transactions)
      on conflict (reconciliation, partition, minute, state, worst) do update
         set transactions = s.transactions + excluded.transactions
      """;

  // A count that fell to 0 has no row: the table is exactly the GROUP BY over transactions.
  private static final String EMPTY_STATISTICS =
      """
      delete from statistics s
       using unnest($1::text[], $2::int[], $3::timestamptz[], $4::text[], $5::text[])
          as n(reconciliation, partition, minute, state, worst)
       where s.reconciliation = n.reconciliation and s.partition = n.partition
         and s.minute = coalesce(n.minute, '-infinity') and s.state = n.state and s.worst = n.worst
         and s.transactions = 0
      """;

  private static final String OUTBOX =
      """
      insert into outbox (
        reconciliation, partition, seq, epoch, type, txn_id, payload, committed_at)
      select n.reconciliation, n.partition, n.seq, n.epoch, n.type, n.txn_id, n.payload,
             $8::timestamptz
        from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                    $7::text[])
          as n(reconciliation, partition, seq, epoch, type, txn_id, payload)
      """;

  // The arrays are compared place by place; comparing them whole would only look at the first
  // difference. A row that any of the conditions holds back is an own bug, and is told.
  private static final String PROGRESS =
      """
      update partition_progress p
         set positions = n.positions::bigint[], archived_to = n.archived_to::bigint[],
             records_read = n.records_read::bigint[], records_dead = n.records_dead::bigint[],
             records_skipped = n.records_skipped::bigint[],
             watermark = greatest(p.watermark, n.watermark), seq = n.seq,
             published_to = greatest(p.published_to, n.published_to),
             updated_at = $13::timestamptz
        from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::text[], $9::timestamptz[], $10::bigint[], $11::bigint[],
                    $12::bigint[])
          as n(reconciliation, partition, epoch, positions, archived_to, records_read,
               records_dead, records_skipped, watermark, seq, published_to, changes)
       where p.reconciliation = n.reconciliation and p.partition = n.partition
         and p.epoch = n.epoch
         and p.seq = n.seq - n.changes
         and n.published_to <= n.seq
         and not exists (select from unnest(p.positions, n.positions::bigint[]) as x(old, new)
                          where x.new < x.old)
         and not exists (select from unnest(p.archived_to, n.archived_to::bigint[]) as x(old, new)
                          where x.new < x.old)
      """;

  private record Live(PreparedCommit prepared, LockedProgress progress) {
    PartitionKey key() {
      return prepared.key();
    }

    Commit commit() {
      return prepared.commit();
    }
  }

  private record Archived(Live of, PreparedCommit.Segment segment) {}

  private record Dead(Live of, DeadLetter letter) {}

  private record Counted(PartitionKey key, StatisticsKey cell, int add) {
    // Null for none: what the client makes of OffsetDateTime.MIN in an array is 4714 BC.
    @Nullable OffsetDateTime minute() {
      return Times.at(cell.minuteMs());
    }

    String worst() {
      MismatchType worst = cell.worst();
      return worst == null ? "" : worst.name();
    }
  }

  private record Announced(Live of, Change change) {}

  private SideStatements() {}

  /**
   * In the order of the tables, rows by key; nothing for what is empty, but always the progress.
   *
   * @param locked has every commit's partition
   */
  static List<Statement> of(
      List<PreparedCommit> commits, Map<PartitionKey, LockedProgress> locked, long nowMs) {
    List<Live> live = new ArrayList<>();
    List<Archived> archived = new ArrayList<>();
    List<Dead> dead = new ArrayList<>();
    List<Counted> counted = new ArrayList<>();
    List<Announced> announced = new ArrayList<>();
    for (PreparedCommit prepared : commits) {
      LockedProgress progress = locked.get(prepared.key());
      if (progress == null) {
        throw new IllegalStateException(prepared.key() + " is not locked");
      }
      Live of = new Live(prepared, progress);
      progress.require(prepared.commit());
      live.add(of);
      prepared.segments().forEach(segment -> archived.add(new Archived(of, segment)));
      prepared.commit().deadLetters().forEach(letter -> dead.add(new Dead(of, letter)));
      prepared.commit().changes().forEach(change -> announced.add(new Announced(of, change)));
      prepared
          .commit()
          .statistics()
          .forEach(
              (cell, add) -> {
                if (add != 0) {
                  counted.add(new Counted(prepared.key(), cell, add));
                }
              });
    }
    List<Statement> statements = new ArrayList<>();
    if (!archived.isEmpty()) {
      statements.add(archive(archived));
    }
    if (!dead.isEmpty()) {
      statements.add(deadLetters(dead, nowMs));
    }
    if (!counted.isEmpty()) {
      statements.addAll(statistics(counted));
    }
    if (!announced.isEmpty()) {
      statements.add(outbox(announced, nowMs));
    }
    statements.add(progress(live, nowMs));
    return statements;
  }

  private static Statement archive(List<Archived> rows) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.of().progress().topic(row.segment().source())),
            ints(rows, row -> row.of().key().partition()),
            numbers(rows, row -> row.segment().firstOffset()),
            numbers(rows, row -> row.segment().lastOffset()),
            texts(rows, row -> row.of().key().reconciliation()),
            ints(rows, row -> row.segment().records()),
            times(rows, row -> Times.nearest(row.segment().firstRecordedAtMs())),
            times(rows, row -> Times.nearest(row.segment().lastRecordedAtMs())),
            bytes(rows, row -> row.segment().payload()),
            ArchiveCodec.ZSTD);
    return new Statement(Statement.Kind.OTHER, ARCHIVE, values, Statement.ANY);
  }

  private static Statement deadLetters(List<Dead> rows, long nowMs) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.of().key().reconciliation()),
            texts(rows, row -> row.of().progress().topic(row.letter().source())),
            ints(rows, row -> row.of().key().partition()),
            numbers(rows, row -> row.letter().raw().offset()),
            texts(rows, row -> row.letter().source()),
            texts(rows, row -> row.letter().reason().name()),
            // It may quote the very U+0000 that the record was refused for.
            texts(rows, row -> row.letter().detail().replace('\0', '\u2400')),
            bytes(rows, row -> row.letter().raw().key()),
            bytes(rows, row -> row.letter().raw().value()),
            texts(rows, row -> headers(row.letter().raw().headers())),
            times(rows, row -> Times.nearest(row.letter().raw().timestampMs())),
            Times.exactly(nowMs));
    return new Statement(Statement.Kind.OTHER, DEAD_LETTERS, values, Statement.ANY);
  }

  private static @Nullable String headers(List<RawRecord.Header> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    JsonText json = new JsonText(128).openArray();
    for (RawRecord.Header header : headers) {
      byte[] value = header.value();
      json.openArray().value(header.name());
      json.value(value == null ? null : Base64.getEncoder().encodeToString(value)).closeArray();
    }
    return json.closeArray().toString();
  }

  private static List<Statement> statistics(List<Counted> rows) {
    rows.sort(
        Comparator.comparing(Counted::key)
            .thenComparingLong(row -> row.cell().minuteMs())
            .thenComparing(row -> row.cell().state())
            .thenComparing(Counted::worst));
    List<Statement> statements = new ArrayList<>();
    statements.add(
        new Statement(
            Statement.Kind.OTHER,
            STATISTICS,
            statisticsKeys(rows).addValue(numbers(rows, Counted::add)),
            Statement.ANY));
    List<Counted> less = rows.stream().filter(row -> row.add() < 0).toList();
    if (!less.isEmpty()) {
      statements.add(
          new Statement(
              Statement.Kind.OTHER, EMPTY_STATISTICS, statisticsKeys(less), Statement.ANY));
    }
    return statements;
  }

  private static Tuple statisticsKeys(List<Counted> rows) {
    return Tuple.tuple()
        .addValue(texts(rows, row -> row.key().reconciliation()))
        .addValue(ints(rows, row -> row.key().partition()))
        .addValue(times(rows, Counted::minute))
        .addValue(texts(rows, row -> row.cell().state().name()))
        .addValue(texts(rows, Counted::worst));
  }

  private static Statement outbox(List<Announced> rows, long nowMs) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.of().key().reconciliation()),
            ints(rows, row -> row.of().key().partition()),
            numbers(rows, row -> row.change().seq()),
            numbers(rows, row -> row.of().commit().epoch()),
            texts(rows, row -> row.change().mismatch().type().name()),
            texts(rows, row -> row.change().txnId()),
            texts(
                rows,
                row ->
                    MismatchJson.of(
                        row.of().key().reconciliation(),
                        row.of().key().partition(),
                        row.change(),
                        nowMs)),
            Times.exactly(nowMs));
    return new Statement(Statement.Kind.OTHER, OUTBOX, values, Statement.ANY);
  }

  private static Statement progress(List<Live> rows, long nowMs) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.key().reconciliation()),
            ints(rows, row -> row.key().partition()),
            numbers(rows, row -> row.commit().epoch()),
            texts(rows, row -> row.progress().positionsAfter(row.commit())),
            texts(rows, row -> row.progress().archivedToAfter(row.commit())),
            texts(rows, row -> row.progress().readAfter(row.commit())),
            texts(rows, row -> row.progress().deadAfter(row.commit())),
            texts(rows, row -> row.progress().skippedAfter(row.commit())),
            times(rows, row -> Times.at(row.commit().watermarkMs())),
            numbers(rows, row -> row.commit().seq()),
            numbers(rows, row -> row.commit().publishedTo()),
            numbers(rows, row -> row.commit().changes().size()),
            Times.exactly(nowMs));
    return new Statement(Statement.Kind.PROGRESS, PROGRESS, values, rows.size());
  }
}
