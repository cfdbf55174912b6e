package dev.tallystick.launcher.node;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.EmbeddedServices;
import dev.tallystick.embedded.fault.TcpFault;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import dev.tallystick.simulator.verify.Verifier;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.storage.postgres.PgAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Real servers and the presets with short deadlines: what integration tests play on. */
final class Stage implements AutoCloseable {

  private static final Path PRESETS = Path.of("../config/reconciliations");

  final Path directory;
  final Path definitions;
  final TestServers services;
  private @Nullable Node node;

  private Stage(Path directory, Path definitions, TestServers services) {
    this.directory = directory;
    this.definitions = definitions;
    this.services = services;
  }

  /**
   * Starts the servers; definitions are the presets with {@code sla} and {@code partitions}.
   *
   * @param kafkaProxies ways to Kafka that can be cut
   */
  static Stage open(Path directory, String sla, int partitions, TcpFault... kafkaProxies)
      throws IOException {
    Path definitions = Files.createDirectories(directory.resolve("definitions"));
    try (var files = Files.list(PRESETS)) {
      for (Path preset : files.toList()) {
        String text =
            Files.readString(preset)
                .replaceAll("sla: *60s", "sla: " + sla)
                .replaceAll("partitions: *8", "partitions: " + partitions);
        Files.writeString(definitions.resolve(preset.getFileName().toString()), text);
      }
    }
    Path data = directory.resolve("services");
    return new Stage(
        directory,
        definitions,
        kafkaProxies.length == 0
            ? TestServers.start(data)
            : new TestServers.Embedded(EmbeddedServices.start(data, kafkaProxies)));
  }

  Addresses addresses() {
    return services.addresses();
  }

  NodeSettings settings(String name, String bootstrap) {
    Addresses at = addresses();
    return new NodeSettings(
        name,
        Map.of("bootstrap.servers", bootstrap),
        new PgAddress(
            at.postgresHost(), at.postgresPort(), at.database(), at.user(), at.password()),
        at.redisUrl(),
        DefinitionReader.readDirectory(definitions),
        NodeSettings.Engine.DEFAULTS,
        "127.0.0.1",
        0,
        true,
        true);
  }

  Node startNode() {
    return startNode(addresses().kafkaBootstrap());
  }

  Node startNode(String bootstrap) {
    Node started = Node.start(settings("node-1", bootstrap));
    node = started;
    return started;
  }

  /** Waits until everything with a deadline up to {@code deadlineMs} has been judged. */
  void awaitJudged(long deadlineMs) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                count(
                        "select coalesce(min(coalesce(tallystick_ms(watermark), 0)), 0) from"
                            + " partition_progress")
                    > deadlineMs);
  }

  void stopNode() {
    Node running = node;
    if (running != null) {
      running.close();
      node = null;
    }
  }

  List<Definition> simulated() throws IOException {
    return DefinitionFile.readAll(definitions);
  }

  Connection connect() throws SQLException {
    Addresses at = addresses();
    return DriverManager.getConnection(jdbcUrl(), at.user(), at.password());
  }

  String jdbcUrl() {
    Addresses at = addresses();
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(at.postgresHost(), at.postgresPort(), at.database());
  }

  /** The first column of the first row, as a number. */
  long count(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  VerifyResult verify() {
    Addresses at = addresses();
    return Verifier.run(jdbcUrl(), at.user(), at.password(), at.kafkaBootstrap());
  }

  @Override
  public void close() {
    stopNode();
    services.close();
  }
}
