package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.storage.postgres.TransactionRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stored transactions: in a list, by match key, and one with its story. */
public final class TransactionReads {

  private static final String LIST = "transactions";
  private static final int KEY_PARTS = 4;

  private static final String LINES =
      "select "
          + TransactionLines.COLUMNS
          + ", "
          + TransactionLines.OPEN_TYPES
          + """
            from unnest($1::text[], $2::int[]) as n(reconciliation, partition)
            join transactions t on t.reconciliation = n.reconciliation
                               and t.partition = n.partition and t.txn_id = $3::text
           order by t.reconciliation, t.partition
          """;

  // One row per mismatch; what would be large in each of them stands in the first only.
  private static final String STORED =
      "select t.reconciliation, t.partition, t.updated_at, p.sources, p.topics, "
          + TransactionRows.columns(SeverityAge.AGED)
          + """
          , case when row_number() over (order by m.type, m.source) = 1 then array(
              select o.payload
                from (select payload, seq from outbox
                       where reconciliation = $1::text and partition = $2::int
                         and txn_id = $3::text
                       order by seq desc
                       limit $4::int) o
               order by o.seq) end as history
            from transactions t
            left join partition_progress p on p.reconciliation = t.reconciliation
                                          and p.partition = t.partition
          """
          + TransactionRows.WITH_MISMATCHES
          + """
           where t.reconciliation = $1::text and t.partition = $2::int and t.txn_id = $3::text
           order by m.type, m.source
          """;

  private final SqlClient client;

  /**
   * @param client made for {@link dev.tallystick.storage.postgres.PgPools.Use#READING}
   */
  public TransactionReads(SqlClient client) {
    this.client = client;
  }

  /**
   * Newest first by (first arrival, reconciliation, match key, partition), each descending, or the
   * exact reverse; but transactions without an arrival (only commands so far) come last both ways.
   *
   * @return fails with {@link BadCursor}
   */
  public Future<Page<TransactionLine>> list(ListFilter filter, PageRequest page) {
    Conditions where = new Conditions();
    Filters.onTransactions(where, filter);
    String sql;
    try {
      sql = list(where, filter, page, Cursor.read(LIST, KEY_PARTS, page));
    } catch (BadCursor e) {
      return Future.failedFuture(e);
    }
    return client
        .preparedQuery(sql)
        .execute(where.values())
        .map(
            rows ->
                PageRows.page(
                    rows,
                    page,
                    "txn_id",
                    TransactionLines::line,
                    row -> cursor(row, page.oldestFirst())));
  }

  /** Two ranges of one index: those that have arrived, then those that have not. */
  private static String list(
      Conditions where, ListFilter filter, PageRequest page, @Nullable Cursor cursor) {
    String direction = page.oldestFirst() ? "asc" : "desc";
    OffsetDateTime arrival = cursor == null ? null : cursor.time(0);
    boolean arrived = cursor == null || arrival != null;
    boolean notArrived = filter.fromMs() == Event.NONE && filter.toMs() == Event.NONE;
    String after = cursor == null ? "" : after(where, cursor, arrival, page.oldestFirst());
    String limit = where.bind(PageRows.asked(page)) + "::int";
    String select = "(select " + TransactionLines.COLUMNS + " from transactions t where ";
    StringBuilder parts = new StringBuilder();
    if (arrived) {
      parts
          .append(select)
          .append(where.text())
          .append(" and t.first_arrival is not null")
          .append(after)
          .append(
              """
               order by t.first_arrival %1$s, t.reconciliation %1$s, t.txn_id %1$s,
                        t.partition %1$s limit %2$s)
              """
                  .formatted(direction, limit));
    }
    if (arrived && notArrived) {
      parts.append(" union all ");
    }
    if (notArrived || !arrived) {
      parts
          .append(select)
          .append(where.text())
          .append(" and t.first_arrival is null")
          .append(arrived ? "" : after)
          .append(
              """
               order by t.reconciliation %1$s, t.txn_id %1$s, t.partition %1$s limit %2$s)
              """
                  .formatted(direction, limit));
    }
    return "select now.as_of, t.*, "
        + TransactionLines.OPEN_TYPES
        + " from (select transaction_timestamp() as as_of) now left join lateral ("
        + parts
        + ") t on true"
        + """
         order by t.first_arrival %1$s nulls last, t.reconciliation %1$s, t.txn_id %1$s,
                  t.partition %1$s limit %2$s
        """
            .formatted(direction, limit);
  }

  private static String after(
      Conditions where, Cursor cursor, @Nullable OffsetDateTime arrival, boolean oldestFirst) {
    String beyond = oldestFirst ? ">" : "<";
    String key =
        where.bind(cursor.text(1))
            + "::text, "
            + where.bind(cursor.text(2))
            + "::text, "
            + where.bind(cursor.integer(3))
            + "::int)";
    return arrival == null
        ? " and (t.reconciliation, t.txn_id, t.partition) " + beyond + " (" + key
        : " and (t.first_arrival, t.reconciliation, t.txn_id, t.partition) "
            + beyond
            + " ("
            + where.bind(arrival)
            + "::timestamptz, "
            + key;
  }

  private static String cursor(Row row, boolean oldestFirst) {
    return Cursor.write(
        LIST,
        oldestFirst,
        Cursor.of(row.getOffsetDateTime("first_arrival")),
        TransactionRows.text(row, "reconciliation"),
        TransactionRows.text(row, "txn_id"),
        row.getInteger("partition"));
  }

  /**
   * By primary key.
   *
   * @param partitionByReconciliation where the match key belongs in each
   * @return those that have a row, by reconciliation
   */
  public Future<List<TransactionLine>> lines(
      String txnId, Map<String, Integer> partitionByReconciliation) {
    if (!Conditions.isStorable(txnId)) {
      return Future.succeededFuture(List.of());
    }
    SortedMap<String, Integer> places = new TreeMap<>(partitionByReconciliation);
    return client
        .preparedQuery(LINES)
        .execute(
            Tuple.of(
                places.keySet().toArray(String[]::new),
                places.values().toArray(Integer[]::new),
                txnId))
        .map(rows -> rows.stream().map(TransactionLines::line).toList());
  }

  /** Null when there is no row. */
  public Future<@Nullable StoredTransaction> find(
      String reconciliation, int partition, String txnId) {
    if (!Conditions.isStorable(txnId) || !Conditions.isStorable(reconciliation)) {
      return Future.succeededFuture(null);
    }
    return client
        .preparedQuery(STORED)
        .execute(Tuple.of(reconciliation, partition, txnId, StoredTransaction.HISTORY_MAX))
        .map(TransactionReads::stored);
  }

  private static @Nullable StoredTransaction stored(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return null;
    }
    Row first = rows.iterator().next();
    TransactionRow row = TransactionRows.read(rows).getFirst();
    List<MismatchType> open =
        row.verdict().mismatches().stream()
            .filter(Mismatch::isOpen)
            .map(Mismatch::type)
            .sorted()
            .distinct()
            .toList();
    return new StoredTransaction(
        TransactionLines.line(first, open),
        row,
        List.of(first.getArrayOfStrings("history")),
        topics(first));
  }

  private static SortedMap<String, String> topics(Row row) {
    SortedMap<String, String> topics = new TreeMap<>();
    String[] sources = row.getArrayOfStrings("sources");
    String[] names = row.getArrayOfStrings("topics");
    if (sources != null && names != null) {
      for (int i = 0; i < sources.length; i++) {
        topics.put(sources[i], names[i]);
      }
    }
    return topics;
  }
}
