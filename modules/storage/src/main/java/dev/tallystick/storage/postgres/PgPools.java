package dev.tallystick.storage.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/**
 * Pools whose sessions cannot hang for ever: every wait has a limit, here or in the server
 * (protocol, section 6). The client itself has no timeout for a query, so the server's counts.
 */
public final class PgPools {

  /** What a pool is for: the planner is told. */
  public enum Use {
    /**
     * Claims and commits: lookups by key only. A plan made while the tables were empty would stay a
     * scan when they are full, so plans are generic and scans are priced out of them.
     */
    ENGINE,
    /** Everything else: the planner is free, and plans for the values asked. */
    READING
  }

  static final int CONNECT_TIMEOUT_MS = 5_000;
  static final int STATEMENT_TIMEOUT_MS = 10_000;
  static final int IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
  static final int LOCK_TIMEOUT_MS = 5_000;
  static final int TCP_USER_TIMEOUT_MS = 10_000;
  static final int WAIT_QUEUE_MAX = 256;
  static final int PIPELINE_MAX = 256;

  private PgPools() {}

  /**
   * Opens nothing yet: connections are made when they are first asked for. A request that finds
   * {@value #WAIT_QUEUE_MAX} others waiting fails at once.
   *
   * @param size connections at most
   */
  public static Pool open(Vertx vertx, PgAddress address, int size, Use use) {
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(size)
                .setMaxWaitQueueSize(WAIT_QUEUE_MAX)
                .setConnectionTimeout(CONNECT_TIMEOUT_MS)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
        .with(
            new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                // With the native transport only; elsewhere the server's settings below must do.
                .setTcpUserTimeout(TCP_USER_TIMEOUT_MS))
        .connectingTo(options(address, use))
        .using(vertx)
        .build();
  }

  private static PgConnectOptions options(PgAddress address, Use use) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password())
            .setCachePreparedStatements(true)
            // The default caches no statement over 2,048 characters.
            .setPreparedStatementCacheSqlLimit(16_384)
            .setPipeliningLimit(PIPELINE_MAX)
            .addProperty("application_name", "tallystick")
            .addProperty("statement_timeout", Integer.toString(STATEMENT_TIMEOUT_MS))
            .addProperty("lock_timeout", Integer.toString(LOCK_TIMEOUT_MS))
            .addProperty(
                "idle_in_transaction_session_timeout",
                Integer.toString(IDLE_IN_TRANSACTION_TIMEOUT_MS))
            .addProperty("tcp_user_timeout", Integer.toString(TCP_USER_TIMEOUT_MS));
    if (use == Use.ENGINE) {
      options
          .addProperty("plan_cache_mode", "force_generic_plan")
          .addProperty("enable_seqscan", "off")
          .addProperty("enable_hashjoin", "off")
          .addProperty("enable_mergejoin", "off")
          .addProperty("jit", "off");
    } else {
      // One text serves a filter that finds everything and one that finds nothing: a plan made for
      // any value is wrong for one of them.
      options.addProperty("plan_cache_mode", "force_custom_plan");
    }
    return options;
  }
}
