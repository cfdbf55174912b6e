package dev.tallystick.launcher.endpoints;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.EmbeddedServices;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.storage.postgres.PgAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers a command works with. Closing stops only those that were started here. */
public final class Servers implements AutoCloseable {

  private static final int CONNECT_MS = 1_000;

  private final String bootstrap;
  private final PgAddress postgres;
  private final @Nullable String redisUrl;
  private final Map<String, String> kafkaProperties;
  private final @Nullable EmbeddedServices own;
  private final boolean borrowed;

  private Servers(
      String bootstrap,
      PgAddress postgres,
      @Nullable String redisUrl,
      Map<String, String> kafkaProperties,
      @Nullable EmbeddedServices own,
      boolean borrowed) {
    this.bootstrap = bootstrap;
    this.postgres = postgres;
    this.redisUrl = redisUrl;
    this.kafkaProperties = kafkaProperties;
    this.own = own;
    this.borrowed = borrowed;
  }

  /**
   * Those of the configuration: external ones; or embedded ones, of a living process of this data
   * directory or else started now.
   *
   * @throws dev.tallystick.embedded.EmbeddedUnavailable they do not start
   */
  public static Servers open(Configuration configuration, Path dataDirectory) {
    if (!configuration.embedded()) {
      return external(configuration);
    }
    Servers running = ofLiving(configuration, dataDirectory);
    return running != null ? running : start(configuration, dataDirectory);
  }

  /** Those of the process that wrote the endpoints of this directory, while it lives. */
  public static @Nullable Servers ofLiving(Configuration configuration, Path dataDirectory) {
    Endpoints living = new EndpointsFile(dataDirectory).living();
    if (living == null || living.kafka() == null || living.postgres() == null) {
      return null;
    }
    if (configuration.embedded() && !answers(living.kafka())) {
      return null; // it is dying: its pid lives on for a moment, its servers do not
    }
    return new Servers(
        living.kafka(),
        living.postgres().address(),
        living.redis(),
        configuration.kafka().properties(),
        null,
        true);
  }

  private static boolean answers(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(address.substring(0, colon), port), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts embedded ones. */
  public static Servers start(Configuration configuration, Path dataDirectory) {
    EmbeddedServices own = EmbeddedServices.start(dataDirectory);
    Addresses at = own.addresses();
    return new Servers(
        at.kafkaBootstrap(),
        new PgAddress(
            at.postgresHost(), at.postgresPort(), at.database(), at.user(), at.password()),
        at.redisUrl(),
        configuration.kafka().properties(),
        own,
        false);
  }

  /** Those that the configuration names; it was checked that it does. */
  public static Servers external(Configuration configuration) {
    String bootstrap = configuration.kafka().bootstrap();
    PgAddress storage = configuration.storage();
    if (bootstrap == null || storage == null) {
      throw new IllegalStateException("a configuration without servers passed its check");
    }
    return new Servers(
        bootstrap,
        storage,
        configuration.redisUrl(),
        configuration.kafka().properties(),
        null,
        false);
  }

  public String bootstrap() {
    return bootstrap;
  }

  public PgAddress postgres() {
    return postgres;
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?connectTimeout=5&socketTimeout=120"
        .formatted(postgres.host(), postgres.port(), postgres.database());
  }

  public @Nullable String redisUrl() {
    return redisUrl;
  }

  /** Properties of every Kafka client. */
  public Map<String, Object> kafka() {
    Map<String, Object> all = new HashMap<>(kafkaProperties);
    all.put("bootstrap.servers", bootstrap);
    return all;
  }

  /** They belong to another process of this directory. */
  public boolean isBorrowed() {
    return borrowed;
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
