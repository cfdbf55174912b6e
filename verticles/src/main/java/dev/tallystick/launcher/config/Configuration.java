package dev.tallystick.launcher.config;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.launcher.node.NodeSettings;
import dev.tallystick.storage.postgres.PgAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured, checked; {@code config/tallystick.yaml} explains each key.
 *
 * @param embedded the servers are ours; otherwise {@code kafka.bootstrap} and {@code storage} are
 *     there
 * @param storage null: not given
 * @param redisUrl null: not given
 * @param scenarios {@code test.scenarios}
 * @param limits path → requests per second and client; {@code default} for the others
 * @param reconciliations directory of {@code definitions}
 * @param definitions newest version of each, at least one
 */
public record Configuration(
    Http http,
    boolean embedded,
    Kafka kafka,
    @Nullable PgAddress storage,
    @Nullable String redisUrl,
    Identity identity,
    NodeSettings.Engine engine,
    boolean scenarios,
    Map<String, Integer> limits,
    Path reconciliations,
    List<Reconciliation> definitions) {

  /** The same with another {@code http} section. */
  public Configuration withHttp(Http other) {
    return new Configuration(
        other,
        embedded,
        kafka,
        storage,
        redisUrl,
        identity,
        engine,
        scenarios,
        limits,
        reconciliations,
        definitions);
  }

  /** The same with scenarios allowed. */
  public Configuration withScenarios() {
    return new Configuration(
        http,
        embedded,
        kafka,
        storage,
        redisUrl,
        identity,
        engine,
        true,
        limits,
        reconciliations,
        definitions);
  }

  /**
   * The {@code http} section.
   *
   * @param port 0: a free one
   * @param trustedProxies addresses or networks whose forwarding headers are believed
   * @param openIngest {@code POST /events} without a token
   */
  public record Http(String host, int port, List<String> trustedProxies, boolean openIngest) {

    /** Only this machine can connect. */
    public boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }
  }

  /**
   * The {@code kafka} section.
   *
   * @param bootstrap null: not given
   * @param properties of every client; may hold secrets
   */
  public record Kafka(@Nullable String bootstrap, Map<String, String> properties) {

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
      return "kafka " + bootstrap + " " + properties.keySet();
    }
  }

  /** The {@code identity} section. */
  public record Identity(@Nullable String issuer, @Nullable String audience) {}
}
