package dev.tallystick.storage.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** A connection of the pool for one transaction: committed when the work succeeds. */
final class OwnTransaction {

  private OwnTransaction() {}

  /**
   * Fails with what the work, BEGIN or COMMIT failed with; the connection goes back in any case.
   *
   * @param begin what opens it, with its isolation level
   */
  static <T> Future<T> run(Pool pool, String begin, Function<SqlConnection, Future<T>> work) {
    return pool.getConnection()
        .compose(
            connection ->
                connection
                    .query(begin)
                    .execute()
                    .compose(begun -> work.apply(connection))
                    .compose(result -> connection.query("commit").execute().map(result))
                    .recover(
                        failure ->
                            connection
                                .query("rollback")
                                .execute()
                                .transform(rolledBack -> Future.failedFuture(failure)))
                    .eventually(() -> connection.close().otherwiseEmpty()));
  }
}
