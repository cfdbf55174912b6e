package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many of everything, over all reconciliations or one; for progress lines and checks. Each
 * count is its own snapshot. Kinds that do not occur are left out.
 */
public final class EngineCounts {

  private static final String BY_STATE =
      """
      select state as kind, sum(transactions)::bigint as count from statistics
       where $1::text is null or reconciliation = $1 group by 1
      """;

  private static final String OPEN_BY_TYPE =
      """
      select type as kind, count(*) as count from mismatches
       where closed_at is null and ($1::text is null or reconciliation = $1) group by 1
      """;

  private static final String ALL_BY_TYPE =
      """
      select type as kind, count(*) as count from mismatches
       where $1::text is null or reconciliation = $1 group by 1
      """;

  private static final String DEAD_BY_REASON =
      """
      select reason as kind, count(*) as count from dead_letters
       where $1::text is null or reconciliation = $1 group by 1
      """;

  private static final String REDELIVERIES =
      """
      select coalesce(sum(redeliveries), 0)::bigint as count from transactions
       where redeliveries > 0 and ($1::text is null or reconciliation = $1)
      """;

  private final SqlClient client;
  private final Tuple scope;

  private EngineCounts(SqlClient client, Tuple scope) {
    this.client = client;
    this.scope = scope;
  }

  /** Over all reconciliations. */
  public static EngineCounts ofAll(SqlClient client) {
    return new EngineCounts(client, Tuple.tuple().addString(null));
  }

  public static EngineCounts of(SqlClient client, String reconciliation) {
    return new EngineCounts(client, Tuple.of(reconciliation));
  }

  /** Transactions, from the statistics: the cost does not grow with the transactions. */
  public Future<Map<State, Long>> transactionsByState() {
    return byKind(BY_STATE, State.class);
  }

  public Future<Map<MismatchType, Long>> openMismatchesByType() {
    return byKind(OPEN_BY_TYPE, MismatchType.class);
  }

  /** Open and closed; the latest episode of each only. */
  public Future<Map<MismatchType, Long>> mismatchesByType() {
    return byKind(ALL_BY_TYPE, MismatchType.class);
  }

  public Future<Map<DeadLetterReason, Long>> deadLettersByReason() {
    return byKind(DEAD_BY_REASON, DeadLetterReason.class);
  }

  /** Identical reports that were counted and not kept. */
  public Future<Long> redeliveries() {
    return client
        .preparedQuery(REDELIVERIES)
        .execute(scope)
        .map(rows -> rows.iterator().next().getLong("count"));
  }

  private <K extends Enum<K>> Future<Map<K, Long>> byKind(String sql, Class<K> kinds) {
    return client
        .preparedQuery(sql)
        .execute(scope)
        .map(
            rows -> {
              Map<K, Long> counts = new EnumMap<>(kinds);
              for (Row row : rows) {
                K kind = Enum.valueOf(kinds, TransactionRows.text(row, "kind"));
                counts.put(kind, row.getLong("count"));
              }
              return counts;
            });
  }
}
