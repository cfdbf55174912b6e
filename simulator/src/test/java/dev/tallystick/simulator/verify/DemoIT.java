package dev.tallystick.simulator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.EmbeddedServices;
import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import dev.tallystick.simulator.oracle.LogRecord;
import dev.tallystick.simulator.workload.FaultKind;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is stopped and goes on, against a real broker; counted and verified in PostgreSQL. */
class DemoIT {

  private static final List<String> TOPICS =
      List.of(
          "core_txns",
          "gateway_txns",
          "mobile_txns",
          "bank_txns",
          "tallystick_payments_commands",
          "tallystick_settlement_commands");
  private static final int PARTITIONS = 2;

  /** The presets with deadlines of two seconds. */
  private static final List<String> TEXTS =
      List.of(
          Presets.PAYMENTS_TEXT.replace("sla: 60s", "sla: 2s"),
          Presets.SETTLEMENT_TEXT.replace("sla: 60s", "sla: 2s"));

  private static final List<Definition> QUICK = TEXTS.stream().map(DefinitionFile::parse).toList();

  @TempDir Path directory;

  @Test
  void whatIsInjectedIsFoundInPostgresAfterARestart() throws Exception {
    try (EmbeddedServices services = EmbeddedServices.start(directory.resolve("data"))) {
      Addresses at = services.addresses();
      Properties properties = new Properties();
      properties.put("bootstrap.servers", at.kafkaBootstrap());
      try (Admin admin = Admin.create(properties)) {
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : TOPICS) {
          topics.add(
              new NewTopic(topic, PARTITIONS, (short) 1)
                  .configs(Map.of("message.timestamp.type", "LogAppendTime")));
        }
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        simulate(at);
        compare(at, read(at, admin));
      }
    }
  }

  private void simulate(Addresses at) throws Exception {
    Path truth = directory.resolve("truth");
    Workload workload = new Workload(QUICK, 5, 0.4);
    try (Simulation first = Simulation.onKafka(workload, at.kafkaBootstrap(), truth, 300)) {
      first.start();
      await().atMost(Duration.ofSeconds(30)).until(() -> first.transactionsPlanned() >= 300);
    }
    try (Simulation second = Simulation.onKafka(workload, at.kafkaBootstrap(), truth, 300)) {
      long before = second.transactionsPlanned();
      assertThat(before).isGreaterThanOrEqualTo(300);
      second.start();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> second.transactionsPlanned() >= before + 300);
      second.stopInjecting();
      second.drained().get(60, TimeUnit.SECONDS);
      assertThat(second.lastDeadlineMs()).isGreaterThan(0);
    }
  }

  private static Map<String, List<LogRecord>> read(Addresses at, Admin admin) throws Exception {
    Map<String, List<LogRecord>> all = new HashMap<>();
    try (KafkaLog log = new KafkaLog(at.kafkaBootstrap())) {
      for (String topic : TOPICS) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          TopicPartition place = new TopicPartition(topic, partition);
          long end =
              admin
                  .listOffsets(Map.of(place, OffsetSpec.latest()))
                  .partitionResult(place)
                  .get(30, TimeUnit.SECONDS)
                  .offset();
          List<LogRecord> records = new ArrayList<>();
          log.read(topic, partition, log.start(topic, partition), end, records::add);
          all.put(RightSnapshot.place(topic, partition), records);
        }
      }
    }
    return all;
  }

  private void compare(Addresses at, Map<String, List<LogRecord>> log) throws Exception {
    long nowMs = System.currentTimeMillis() + 60_000; // all deadlines are behind that
    RightSnapshot right =
        new RightSnapshot(
            QUICK,
            (t, p) -> log.getOrDefault(RightSnapshot.place(t, p), List.of()),
            PARTITIONS,
            nowMs);
    String url =
        "jdbc:postgresql://" + at.postgresHost() + ":" + at.postgresPort() + "/" + at.database();
    try (Connection connection = DriverManager.getConnection(url, at.user(), at.password());
        Statement statement = connection.createStatement();
        InputStream sql = DemoIT.class.getResourceAsStream("/db/migration/V1__engine.sql")) {
      statement.execute(
          new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8));
      new WrittenSnapshot(connection).write(right, TEXTS);

      Scoreboard scoreboard = new Scoreboard(directory.resolve("truth"), QUICK);
      Score live = scoreboard.progress(connection, System.currentTimeMillis());
      Score score = scoreboard.finish(connection);
      assertThat(score.firstFalse()).isNull();
      assertThat(score.ok()).isTrue();
      assertThat(score.detected()).isEqualTo(score.injected()).isEqualTo(live.detected());
      assertThat(score.injected()).hasSize(FaultKind.values().length);
      assertThat(score.injected().values()).allMatch(count -> count > 0);
      assertThat(score.transactions()).isEqualTo(score.planned());
      assertThat(score.deadLetters()).isGreaterThan(0);
      assertThat(score.redeliveries()).isGreaterThan(0);

      VerifyResult result = Verifier.run(url, at.user(), at.password(), at.kafkaBootstrap());
      assertThat(result.firstDifference()).isNull();
      assertThat(result.ok()).isTrue();
      assertThat(result.agree()).isEqualTo(score.planned());
      assertThat(result.records()).isEqualTo(log.values().stream().mapToInt(List::size).sum());

      statement.execute(
          "update mismatches set type = 'STATUS' where id ="
              + " (select min(id) from mismatches where type = 'AMOUNT')");
      Score damaged = scoreboard.finish(connection);
      assertThat(damaged.missed()).isEqualTo(1);
      assertThat(damaged.falseFindings()).isEqualTo(1);
      assertThat(Verifier.run(url, at.user(), at.password(), at.kafkaBootstrap()).differ())
          .isEqualTo(1);
    }
  }
}
