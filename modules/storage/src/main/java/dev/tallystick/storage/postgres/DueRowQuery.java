package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** Stored transactions whose deadline has passed (protocol, section 1). */
public final class DueRowQuery {

  // The limit counts transactions, so it stands before the join with their mismatches.
  static final String DUE =
      "select "
          + TransactionRows.COLUMNS
          + """
          from (
            select * from transactions
             where reconciliation = $1 and partition = $2 and next_deadline < $3
             order by next_deadline, txn_id
             limit $4) t
          """
          + TransactionRows.WITH_MISMATCHES
          + "order by t.next_deadline, t.txn_id\n";

  private final SqlClient client;

  public DueRowQuery(SqlClient client) {
    this.client = client;
  }

  /**
   * @param belowMs log time; rows with an earlier next deadline are due
   * @param limit as many rows mean that there may be more
   * @return earliest deadline first, then by match key
   */
  public Future<List<TransactionRow>> due(
      String reconciliation, int partition, long belowMs, int limit) {
    return client
        .preparedQuery(DUE)
        .execute(Tuple.of(reconciliation, partition, Times.nearest(belowMs), limit))
        .map(TransactionRows::read);
  }
}
