package dev.tallystick.storage.read;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Figures. Transactions are counted in the statistics table, so the cost does not grow with them;
 * open mismatches are counted one by one.
 */
public final class StatsReads {

  /** Rows of (figure, reconciliation, name, number, at); see {@link FigureRows}. */
  private static final String AS_OF =
      """
      select 'AS_OF' as figure, '' as reconciliation, '' as name, 0::bigint as number,
             transaction_timestamp() as at
      """;

  private static final String BY_STATE =
      """
      select 'STATE', s.reconciliation, s.state, sum(s.transactions)::bigint, null::timestamptz
        from statistics s
       where $1::text is null or s.reconciliation = $1::text
       group by s.reconciliation, s.state
      """;

  // What has an open mismatch is not MATCHED; said aloud, its amount comes from the index on those.
  // The largest of each transaction, then the sum: one that differs in three ways is lost once.
  private static final String OPEN =
      """
      with open as materialized (
        select m.reconciliation, m.partition, m.txn_id, m.type, m.opened_at,
      """
          + SeverityAge.AGED
          + """
                   as severity, case when m.type = 'AMOUNT' then abs(m.delta) end as difference
              from mismatches m
             where m.closed_at is null and ($1::text is null or m.reconciliation = $1::text)
          ), stakes as (
            select o.reconciliation, t.currency, max(coalesce(o.difference, abs(t.amount))) as stake
              from open o
              join transactions t on t.reconciliation = o.reconciliation
                                 and t.partition = o.partition and t.txn_id = o.txn_id
             where t.currency is not null and t.state <> 'MATCHED'
             group by o.reconciliation, o.partition, o.txn_id, t.currency
          )
          """;

  private static final String OPEN_FIGURES =
      """
      select 'TYPE', o.reconciliation, o.type, count(*), min(o.opened_at)
        from open o group by o.reconciliation, o.type
      union all
      select 'SEVERITY', o.reconciliation, o.severity, count(*), null
        from open o group by o.reconciliation, o.severity
      union all
      select 'AT_RISK', s.reconciliation, s.currency,
             least(sum(s.stake), 9223372036854775807)::bigint, null
        from stakes s group by s.reconciliation, s.currency
      """;

  private static final String PROGRESS =
      """
      select 'WATERMARK', p.reconciliation, '', 0,
             case when count(p.watermark) = count(*) then min(p.watermark) end
        from partition_progress p group by p.reconciliation
      union all
      select 'READ', p.reconciliation, x.source, sum(x.records)::bigint, null
        from partition_progress p
       cross join lateral unnest(p.sources, p.records_read) as x(source, records)
       group by p.reconciliation, x.source
      union all
      select 'SEQ', p.reconciliation, p.partition::text, p.seq, null
        from partition_progress p
      """;

  private static final String UNION = " union all ";
  private static final String TRANSACTIONS = AS_OF + UNION + BY_STATE;
  private static final String MISMATCHES = OPEN + AS_OF + UNION + OPEN_FIGURES;
  private static final String ALL =
      OPEN + AS_OF + UNION + BY_STATE + UNION + OPEN_FIGURES + UNION + PROGRESS;

  private final SqlClient client;

  /**
   * @param client made for {@link dev.tallystick.storage.postgres.PgPools.Use#READING}
   */
  public StatsReads(SqlClient client) {
    this.client = client;
  }

  /**
   * @param reconciliation null: of all together
   */
  public Future<TransactionStats> transactions(@Nullable String reconciliation) {
    return rows(TRANSACTIONS, reconciliation).map(rows -> FigureRows.together(rows).transactions());
  }

  /**
   * @param reconciliation null: of all together
   */
  public Future<MismatchStats> mismatches(@Nullable String reconciliation) {
    return rows(MISMATCHES, reconciliation).map(rows -> FigureRows.together(rows).mismatches());
  }

  /** Of every reconciliation that has a transaction or a partition, by name; one snapshot. */
  public Future<List<ReconciliationFigures>> figures() {
    return rows(ALL, null).map(FigureRows::byReconciliation);
  }

  private Future<RowSet<Row>> rows(String sql, @Nullable String reconciliation) {
    // No reconciliation is called like this, and PostgreSQL refuses to be asked for it.
    String asked =
        reconciliation == null || Conditions.isStorable(reconciliation) ? reconciliation : "";
    return client.preparedQuery(sql).execute(Tuple.tuple().addString(asked));
  }
}
