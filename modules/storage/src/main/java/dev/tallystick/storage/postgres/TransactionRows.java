package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns to {@link TransactionRow}. Row and mismatches are read by one statement, hence from one
 * snapshot: two would mix a transaction with the mismatches of its next version.
 */
public final class TransactionRows {

  /** Of {@code t}, a transaction, and {@code m}, one of its mismatches or nulls. */
  static final String COLUMNS = columns("m.severity");

  /** Adds {@code m} to a statement that has {@code t}. */
  public static final String WITH_MISMATCHES =
      """
      left join mismatches m on m.reconciliation = t.reconciliation
        and m.partition = t.partition and m.txn_id = t.txn_id
      """;

  private TransactionRows() {}

  /**
   * Of {@code t}, a transaction, and {@code m}, one of its mismatches or nulls.
   *
   * @param severity SQL of what is read as the severity of {@code m}
   */
  public static String columns(String severity) {
    return """
    t.txn_id, t.version, t.state, t.label, t.worst, t.amount, t.currency, t.first_arrival,
    t.next_deadline, t.rule_version, t.ticked, t.overflow, t.tallies, t.events,
    """
        + mismatchColumns(severity);
  }

  /** Of {@code m}, a mismatch, as {@link #mismatch} reads it. */
  public static String mismatchColumns(String severity) {
    return """
    m.type as m_type, m.source as m_source, m.field as m_field, m.expected as m_expected,
    m.actual as m_actual, m.delta as m_delta, m.tolerance as m_tolerance,
    m.currency as m_currency, m.rule as m_rule, m.sources as m_sources,
    %s as m_severity, m.opened_at as m_opened_at, m.closed_at as m_closed_at,
    m.closed_by as m_closed_by
    """
        .formatted(severity);
  }

  /** Rows of one partition in the order read; those of one transaction must stand together. */
  public static List<TransactionRow> read(Iterable<Row> rows) {
    List<TransactionRow> found = new ArrayList<>();
    List<Mismatch> mismatches = new ArrayList<>();
    Row current = null;
    for (Row row : rows) {
      if (current != null && !text(row, "txn_id").equals(text(current, "txn_id"))) {
        found.add(transaction(current, mismatches));
        mismatches.clear();
      }
      current = row;
      if (row.getString("m_type") != null) {
        mismatches.add(mismatch(row));
      }
    }
    if (current != null) {
      found.add(transaction(current, mismatches));
    }
    return found;
  }

  private static TransactionRow transaction(Row row, List<Mismatch> mismatches) {
    String txnId = text(row, "txn_id");
    List<Event> events = EventsText.read(txnId, text(row, "events"));
    return new TransactionRow(
        txnId,
        row.getLong("version"),
        events,
        TalliesText.read(row.getString("tallies"), events),
        row.getBoolean("overflow"),
        verdict(row, mismatches));
  }

  private static Verdict verdict(Row row, List<Mismatch> mismatches) {
    String worst = row.getString("worst");
    Long amountMinor = row.getLong("amount");
    String currency = row.getString("currency");
    return new Verdict(
        State.valueOf(text(row, "state")),
        text(row, "label"),
        worst == null ? null : MismatchType.valueOf(worst),
        mismatches.stream().sorted(Comparator.comparing(Mismatch::key)).toList(),
        Times.ms(row.getOffsetDateTime("first_arrival")),
        Times.ms(row.getOffsetDateTime("next_deadline")),
        row.getInteger("rule_version"),
        List.of(row.getArrayOfStrings("ticked")),
        amountMinor == null ? Event.NONE : amountMinor,
        currency == null ? "" : currency);
  }

  /** Its columns must not be null. */
  public static Mismatch mismatch(Row row) {
    return new Mismatch(
        MismatchType.valueOf(text(row, "m_type")),
        text(row, "m_source"),
        text(row, "m_field"),
        row.getString("m_expected"),
        row.getString("m_actual"),
        row.getLong("m_delta"),
        row.getLong("m_tolerance"),
        row.getString("m_currency"),
        text(row, "m_rule"),
        List.of(row.getArrayOfStrings("m_sources")),
        Severity.valueOf(text(row, "m_severity")),
        Times.ms(row.getOffsetDateTime("m_opened_at")),
        Times.ms(row.getOffsetDateTime("m_closed_at")),
        row.getString("m_closed_by"));
  }

  /**
   * @throws IllegalStateException when it is null
   */
  public static String text(Row row, String column) {
    @Nullable String value = row.getString(column);
    if (value == null) {
      throw new IllegalStateException("column " + column + " is null");
    }
    return value;
  }
}
