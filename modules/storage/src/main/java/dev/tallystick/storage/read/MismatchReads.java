package dev.tallystick.storage.read;

import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.TransactionRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.SortedMap;
import java.util.TreeMap;

/** Mismatches across transactions, the latest episode of each. */
public final class MismatchReads {

  private static final String LIST = "mismatches";
  private static final int KEY_PARTS = 3;

  private final SqlClient client;

  /**
   * @param client made for {@link dev.tallystick.storage.postgres.PgPools.Use#READING}
   */
  public MismatchReads(SqlClient client) {
    this.client = client;
  }

  /**
   * Newest first by (opened at, id, partition), each descending, or the exact reverse.
   *
   * @return fails with {@link BadCursor}
   */
  public Future<MismatchPage> list(ListFilter filter, Openness openness, PageRequest page) {
    Conditions where = new Conditions();
    Filters.onMismatches(where, filter, openness);
    try {
      after(where, page);
    } catch (BadCursor e) {
      return Future.failedFuture(e);
    }
    return client
        .preparedQuery(sql(where, filter, page))
        .execute(where.values())
        .map(rows -> page(rows, page));
  }

  private static void after(Conditions where, PageRequest page) {
    Cursor cursor = Cursor.read(LIST, KEY_PARTS, page);
    if (cursor == null) {
      return;
    }
    where.and(
        "(m.opened_at, m.id, m.partition) %s (%s::timestamptz, %s::text, %s::int)"
            .formatted(
                page.oldestFirst() ? ">" : "<",
                where.bind(cursor.requiredTime(0)),
                where.bind(cursor.text(1)),
                where.bind(cursor.integer(2))));
  }

  /** The numbers of the changes are the same for all rows and stand in the first only. */
  private static String sql(Conditions where, ListFilter filter, PageRequest page) {
    String direction = page.oldestFirst() ? "asc" : "desc";
    String list =
        "select m.id, m.reconciliation, m.partition, m.txn_id, m.opened_at, t.state, t.label,"
            + " t.version, "
            + TransactionRows.mismatchColumns(SeverityAge.AGED)
            + """
             from mismatches m
             join transactions t on t.reconciliation = m.reconciliation
                                and t.partition = m.partition and t.txn_id = m.txn_id
            """
            + " where "
            + where.text()
            + " order by m.opened_at %1$s, m.id %1$s, m.partition %1$s limit %2$s::int"
                .formatted(direction, where.bind(PageRows.asked(page)));
    String reconciliation = filter.reconciliation();
    String progress =
        "from partition_progress p"
            + (reconciliation == null
                ? ""
                : " where p.reconciliation = "
                    + where.bind(Conditions.isStorable(reconciliation) ? reconciliation : "")
                    + "::text");
    return """
    select now.as_of, m.*,
           case when row_number() over w = 1 then now.parts end as parts,
           case when row_number() over w = 1 then now.seqs end as seqs
      from (select transaction_timestamp() as as_of,
                   array(select p.reconciliation || '/' || p.partition %1$s
                          order by p.reconciliation, p.partition) as parts,
                   array(select p.seq %1$s order by p.reconciliation, p.partition) as seqs) now
      left join lateral (%2$s) m on true
    window w as (order by m.opened_at %3$s, m.id %3$s, m.partition %3$s)
     order by m.opened_at %3$s, m.id %3$s, m.partition %3$s
    """
        .formatted(progress, list, direction);
  }

  private static MismatchPage page(RowSet<Row> rows, PageRequest page) {
    Page<MismatchLine> lines =
        PageRows.page(
            rows, page, "id", MismatchReads::line, row -> cursor(row, page.oldestFirst()));
    return new MismatchPage(
        lines.items(), lines.next(), lines.asOfMs(), seq(rows.iterator().next()));
  }

  private static MismatchLine line(Row row) {
    return new MismatchLine(
        TransactionRows.text(row, "reconciliation"),
        row.getInteger("partition"),
        TransactionRows.text(row, "txn_id"),
        State.valueOf(TransactionRows.text(row, "state")),
        TransactionRows.text(row, "label"),
        row.getLong("version"),
        TransactionRows.text(row, "id"),
        TransactionRows.mismatch(row));
  }

  private static String cursor(Row row, boolean oldestFirst) {
    return Cursor.write(
        LIST,
        oldestFirst,
        Cursor.of(row.getOffsetDateTime("opened_at")),
        TransactionRows.text(row, "id"),
        row.getInteger("partition"));
  }

  private static SortedMap<String, Long> seq(Row first) {
    String[] parts = first.getArrayOfStrings("parts");
    Long[] seqs = first.getArrayOfLongs("seqs");
    SortedMap<String, Long> seq = new TreeMap<>();
    for (int i = 0; i < parts.length; i++) {
      seq.put(parts[i], seqs[i]);
    }
    return seq;
  }
}
