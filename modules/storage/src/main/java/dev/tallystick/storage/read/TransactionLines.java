package dev.tallystick.storage.read;

import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.Times;
import dev.tallystick.storage.postgres.TransactionRows;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;

/** Columns to {@link TransactionLine}. */
final class TransactionLines {

  /** Of {@code t}, a transaction; without its events, the largest part of a row. */
  static final String COLUMNS =
      """
      t.txn_id, t.reconciliation, t.partition, t.state, t.label, t.worst, t.amount, t.currency,
      t.version, t.rule_version, t.first_arrival, t.next_deadline, t.updated_at
      """;

  /** Of {@code t}; most rows have no open mismatch and need no look. */
  static final String OPEN_TYPES =
      """
      case when t.worst is not null then array(
        select distinct m.type from mismatches m
         where m.reconciliation = t.reconciliation and m.partition = t.partition
           and m.txn_id = t.txn_id and m.closed_at is null) end as open_types
      """;

  private TransactionLines() {}

  static TransactionLine line(Row row) {
    String[] open = row.getArrayOfStrings("open_types");
    return line(
        row,
        open == null
            ? List.of()
            : Arrays.stream(open).map(MismatchType::valueOf).sorted().toList());
  }

  static TransactionLine line(Row row, List<MismatchType> open) {
    String currency = row.getString("currency");
    return new TransactionLine(
        TransactionRows.text(row, "txn_id"),
        TransactionRows.text(row, "reconciliation"),
        row.getInteger("partition"),
        State.valueOf(TransactionRows.text(row, "state")),
        TransactionRows.text(row, "label"),
        open,
        // A transaction of commands only is stored with the amount 0 of no currency.
        currency == null ? null : row.getLong("amount"),
        currency,
        row.getLong("version"),
        row.getInteger("rule_version"),
        Times.ms(row.getOffsetDateTime("first_arrival")),
        Times.ms(row.getOffsetDateTime("next_deadline")),
        Times.ms(row.getOffsetDateTime("updated_at")));
  }
}
