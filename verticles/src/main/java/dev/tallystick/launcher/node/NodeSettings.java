package dev.tallystick.launcher.node;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.storage.postgres.PgAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node needs to know.
 *
 * @param name of this node, unique in the cluster and the same after a restart: it stands in the
 *     progress table as the owner, and the producers of transactions are known to Kafka by it, so
 *     that a successor ends what a killed process left open
 * @param kafka client properties; {@code bootstrap.servers} among them
 * @param redisUrl shown in health as degraded when it does not answer; null: none
 * @param definitions newest version of each reconciliation
 * @param httpHost address to listen on
 * @param httpPort 0: a free one
 * @param openIngest {@code POST /events} takes events without a token
 * @param scenarios whether scenarios can be run at {@code /test/scenarios}
 */
public record NodeSettings(
    String name,
    Map<String, Object> kafka,
    PgAddress postgres,
    @Nullable String redisUrl,
    List<Reconciliation> definitions,
    Engine engine,
    String httpHost,
    int httpPort,
    boolean openIngest,
    boolean scenarios) {

  /**
   * The {@code engine} section of the configuration.
   *
   * @param openMax transactions in memory per partition
   * @param materializeAfterMs a transaction still open after this appears as a row
   * @param skewMs how far proven time lags behind the clock
   * @param recordSkewMs how far record timestamps step back
   * @param recordMaxBytes larger records are dead letters
   * @param maxEvents events kept per transaction and source
   */
  public record Engine(
      int openMax,
      long materializeAfterMs,
      long skewMs,
      long recordSkewMs,
      int recordMaxBytes,
      int maxEvents) {

    public static final Engine DEFAULTS = new Engine(50_000, 2_000, 2_000, 1_000, 1 << 20, 100);
  }
}
