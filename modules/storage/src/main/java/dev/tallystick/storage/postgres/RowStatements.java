package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.Columns.flags;
import static dev.tallystick.storage.postgres.Columns.ints;
import static dev.tallystick.storage.postgres.Columns.joined;
import static dev.tallystick.storage.postgres.Columns.longs;
import static dev.tallystick.storage.postgres.Columns.numbers;
import static dev.tallystick.storage.postgres.Columns.texts;
import static dev.tallystick.storage.postgres.Columns.times;

import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.engine.MismatchJson;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions and their mismatches: what a commit writes by match key. */
final class RowStatements {

  private static final String ROWS =
      """
      unnest($1::text[], $2::int[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
             $8::bigint[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::int[],
             $13::text[], $14::bool[], $15::int[], $16::text[], $17::text[])
          as n(reconciliation, partition, txn_id, version, state, label, worst,
               amount, currency, first_arrival, next_deadline, rule_version,
               ticked, overflow, redeliveries, tallies, events)
      """;

  private static final String INSERT =
      """
      insert into transactions (
        reconciliation, partition, txn_id, version, state, label, worst, amount, currency,
        first_arrival, next_deadline, rule_version, ticked, overflow, redeliveries, tallies,
        events, updated_at)
      select n.reconciliation, n.partition, n.txn_id, n.version, n.state, n.label, n.worst,
             n.amount, n.currency, n.first_arrival, n.next_deadline, n.rule_version,
             string_to_array(n.ticked, chr(31)), n.overflow, n.redeliveries, n.tallies, n.events,
             $18::timestamptz
        from
      """
          + ROWS
          + "on conflict do nothing\n";

  private static final String UPDATE =
      """
      update transactions t
         set version = n.version, state = n.state, label = n.label, worst = n.worst,
             amount = n.amount, currency = n.currency, first_arrival = n.first_arrival,
             next_deadline = n.next_deadline, rule_version = n.rule_version,
             ticked = string_to_array(n.ticked, chr(31)), overflow = n.overflow,
             redeliveries = n.redeliveries, tallies = n.tallies, events = n.events,
             updated_at = $18::timestamptz
        from
      """
          + ROWS
          + """
          where t.reconciliation = n.reconciliation and t.partition = n.partition
            and t.txn_id = n.txn_id and t.version = n.version - 1
          """;

  private static final String UPSERT_MISMATCHES =
      """
      insert into mismatches (
        id, reconciliation, partition, txn_id, type, source, field, expected, actual, delta,
        tolerance, currency, rule, sources, severity, opened_at, closed_at, closed_by)
      select n.id, n.reconciliation, n.partition, n.txn_id, n.type, n.source, n.field, n.expected,
             n.actual, n.delta, n.tolerance, n.currency, n.rule,
             string_to_array(n.sources, chr(31)), n.severity, n.opened_at, n.closed_at, n.closed_by
        from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],
                    $13::text[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[],
                    $18::text[])
          as n(id, reconciliation, partition, txn_id, type, source, field, expected, actual, delta,
               tolerance, currency, rule, sources, severity, opened_at, closed_at, closed_by)
      on conflict (reconciliation, partition, txn_id, type, source) do update
         set field = excluded.field, expected = excluded.expected, actual = excluded.actual,
             delta = excluded.delta, tolerance = excluded.tolerance, currency = excluded.currency,
             rule = excluded.rule, sources = excluded.sources, severity = excluded.severity,
             opened_at = excluded.opened_at, closed_at = excluded.closed_at,
             closed_by = excluded.closed_by
      """;

  private static final String DELETE_MISMATCHES =
      """
      delete from mismatches m
       using unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[])
          as n(reconciliation, partition, txn_id, type, source)
       where m.reconciliation = n.reconciliation and m.partition = n.partition
         and m.txn_id = n.txn_id and m.type = n.type and m.source = n.source
      """;

  private record Write(PartitionKey key, TransactionWrite write) {
    TransactionRow row() {
      return write.row();
    }
  }

  private record Found(PartitionKey key, String txnId, Mismatch mismatch) {}

  private record Gone(PartitionKey key, String txnId, Mismatch.Key mismatch) {}

  private RowStatements() {}

  /**
   * In the order of the tables, rows by key; nothing for what is empty.
   *
   * @throws IllegalArgumentException for a value that PostgreSQL cannot hold
   */
  static List<Statement> of(List<PreparedCommit> commits, long nowMs) {
    List<Write> fresh = new ArrayList<>();
    List<Write> known = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    List<Gone> gone = new ArrayList<>();
    for (PreparedCommit prepared : commits) {
      for (TransactionWrite write : prepared.commit().writes()) {
        (write.expectedVersion() == 0 ? fresh : known).add(new Write(prepared.key(), write));
        String txnId = write.row().txnId();
        write.changed().forEach(m -> found.add(new Found(prepared.key(), txnId, m)));
        write.removed().forEach(m -> gone.add(new Gone(prepared.key(), txnId, m)));
      }
    }
    Comparator<Write> byKey =
        Comparator.comparing(Write::key).thenComparing(write -> write.row().txnId());
    List<Statement> statements = new ArrayList<>();
    if (!fresh.isEmpty()) {
      fresh.sort(byKey);
      statements.add(transactions(INSERT, fresh, nowMs));
    }
    if (!known.isEmpty()) {
      known.sort(byKey);
      statements.add(transactions(UPDATE, known, nowMs));
    }
    if (!found.isEmpty()) {
      found.sort(
          Comparator.comparing(Found::key)
              .thenComparing(Found::txnId)
              .thenComparing(row -> row.mismatch().key()));
      statements.add(upsert(found));
    }
    if (!gone.isEmpty()) {
      gone.sort(
          Comparator.comparing(Gone::key).thenComparing(Gone::txnId).thenComparing(Gone::mismatch));
      statements.add(delete(gone));
    }
    return statements;
  }

  private static Statement transactions(String sql, List<Write> rows, long nowMs) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.key().reconciliation()),
            ints(rows, row -> row.key().partition()),
            texts(rows, row -> row.row().txnId()),
            numbers(rows, row -> row.row().version()),
            texts(rows, row -> row.row().verdict().state().name()),
            texts(rows, row -> row.row().verdict().label()),
            texts(
                rows,
                row -> {
                  var worst = row.row().verdict().worst();
                  return worst == null ? null : worst.name();
                }),
            longs(rows, row -> orNull(row.row().verdict().amountMinor())),
            texts(
                rows,
                row -> {
                  String currency = row.row().verdict().currency();
                  return currency.isEmpty() ? null : currency;
                }),
            times(rows, row -> Times.at(row.row().verdict().firstArrivalMs())),
            times(rows, row -> Times.at(row.row().verdict().nextDeadlineMs())),
            ints(rows, row -> row.row().verdict().ruleVersion()),
            texts(rows, row -> joined(row.row().verdict().ticked())),
            flags(rows, row -> row.row().overflow()),
            ints(rows, row -> redeliveries(row.row())),
            texts(rows, row -> TalliesText.write(row.row().tallies(), row.row().events())),
            texts(rows, row -> EventsText.write(row.row().events())),
            Times.exactly(nowMs));
    return new Statement(Statement.Kind.TRANSACTIONS, sql, values, rows.size());
  }

  private static Statement upsert(List<Found> rows) {
    Tuple values =
        Columns.values(
            texts(
                rows,
                row ->
                    MismatchJson.id(
                        row.key().reconciliation(),
                        row.txnId(),
                        row.mismatch().type(),
                        row.mismatch().source())),
            texts(rows, row -> row.key().reconciliation()),
            ints(rows, row -> row.key().partition()),
            texts(rows, Found::txnId),
            texts(rows, row -> row.mismatch().type().name()),
            texts(rows, row -> row.mismatch().source()),
            texts(rows, row -> row.mismatch().field()),
            texts(rows, row -> row.mismatch().expected()),
            texts(rows, row -> row.mismatch().actual()),
            longs(rows, row -> row.mismatch().delta()),
            longs(rows, row -> row.mismatch().tolerance()),
            texts(rows, row -> row.mismatch().currency()),
            texts(rows, row -> row.mismatch().rule()),
            texts(rows, row -> joined(row.mismatch().sources())),
            texts(rows, row -> row.mismatch().severity().name()),
            times(rows, row -> Times.exactly(row.mismatch().openedAtMs())),
            times(rows, row -> Times.at(row.mismatch().closedAtMs())),
            texts(rows, row -> row.mismatch().closedBy()));
    return new Statement(Statement.Kind.OTHER, UPSERT_MISMATCHES, values, Statement.ANY);
  }

  private static Statement delete(List<Gone> rows) {
    Tuple values =
        Columns.values(
            texts(rows, row -> row.key().reconciliation()),
            ints(rows, row -> row.key().partition()),
            texts(rows, Gone::txnId),
            texts(rows, row -> row.mismatch().type().name()),
            texts(rows, row -> row.mismatch().source()));
    return new Statement(Statement.Kind.OTHER, DELETE_MISMATCHES, values, Statement.ANY);
  }

  private static int redeliveries(TransactionRow row) {
    return row.tallies().values().stream().mapToInt(TransactionRow.Tally::redeliveries).sum();
  }

  private static @Nullable Long orNull(long value) {
    return value == Event.NONE ? null : value;
  }
}
