package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every wait of a session has a limit, and the server knows it. */
class PgPoolsIT {

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void sessionsOfTheEngineCannotHangNorScan() {
    assertThat(settings(PgPools.Use.ENGINE))
        .containsEntry("statement_timeout", "10s")
        .containsEntry("idle_in_transaction_session_timeout", "5s")
        .containsEntry("lock_timeout", "5s")
        .containsEntry("tcp_user_timeout", "10000")
        .containsEntry("application_name", "tallystick")
        .containsEntry("plan_cache_mode", "force_generic_plan")
        .containsEntry("enable_seqscan", "off");
    assertThat(settings(PgPools.Use.READING))
        .containsEntry("statement_timeout", "10s")
        .containsEntry("plan_cache_mode", "force_custom_plan")
        .containsEntry("enable_seqscan", "on");
  }

  @Test
  void longStatementsArePreparedOnce() {
    Pool pool = PgPools.open(VERTX, ServerUnderTest.emptyDatabase(), 1, PgPools.Use.ENGINE);
    String longest = "select $1::bigint -- " + "x".repeat(8_000);
    for (int i = 0; i < 3; i++) {
      await(pool.preparedQuery(longest).execute(Tuple.of(1L)));
    }
    assertThat(
            await(
                    pool.query(
                            "select count(*), min(generic_plans) from pg_prepared_statements"
                                + " where statement like '%xxxx'")
                        .execute())
                .iterator()
                .next()
                .deepToString())
        .isEqualTo("[1,3]");
  }

  @Test
  void aFullQueueFailsAtOnce() {
    Pool pool = PgPools.open(VERTX, ServerUnderTest.emptyDatabase(), 1, PgPools.Use.READING);
    SqlConnection only = await(pool.getConnection());
    List<Future<RowSet<Row>>> waiting = new ArrayList<>();
    for (int i = 0; i < PgPools.WAIT_QUEUE_MAX; i++) {
      waiting.add(pool.query("select 1").execute());
    }
    assertThatThrownBy(() -> await(pool.query("select 1").execute()))
        .hasMessageContaining("max wait queue size");
    await(only.close());
    assertThat(await(waiting.getLast()).size()).isEqualTo(1);
  }

  private static Map<String, String> settings(PgPools.Use use) {
    Pool pool = PgPools.open(VERTX, ServerUnderTest.emptyDatabase(), 1, use);
    Map<String, String> settings = new TreeMap<>();
    await(
            pool.query("select name, current_setting(name) from pg_settings where context = 'user'")
                .execute())
        .forEach(row -> settings.put(row.getString(0), row.getString(1)));
    return settings;
  }
}
