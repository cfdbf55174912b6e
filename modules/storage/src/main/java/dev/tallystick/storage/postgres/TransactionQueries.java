package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/** Stored transactions by match key. */
public final class TransactionQueries {

  private static final String ROWS =
      "select "
          + TransactionRows.COLUMNS
          + "from transactions t\n"
          + TransactionRows.WITH_MISMATCHES
          + """
          where t.reconciliation = $1 and t.partition = $2 and t.txn_id = any($3::text[])
          order by t.txn_id
          """;

  private final SqlClient client;

  public TransactionQueries(SqlClient client) {
    this.client = client;
  }

  /** Those that have a row, by match key; each from one snapshot, all from the same. */
  public Future<List<TransactionRow>> rows(
      String reconciliation, int partition, Collection<String> txnIds) {
    String[] keys = txnIds.stream().sorted().distinct().toArray(String[]::new);
    return client
        .preparedQuery(ROWS)
        .execute(Tuple.of(reconciliation, partition, keys))
        .map(TransactionRows::read);
  }
}
