package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.simulator.verify.VerifyResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Poison is data: each bad record is a dead letter with its reason, and the partition goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what is started before all is there in each
class BadRecordsIT {

  private static final int HOT_EVENTS = 100_000;

  private Stage stage;
  private KafkaProducer<byte[], byte[]> producer;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    stage = Stage.open(directory, "5s", 1);
    stage.startNode();
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stage.addresses().kafkaBootstrap(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4 << 20,
                ProducerConfig.LINGER_MS_CONFIG,
                20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  void stop() {
    producer.close();
    stage.close();
    assertThat(sent).allSatisfy(record -> assertThat(record.get().hasOffset()).isTrue());
  }

  private void send(String topic, @Nullable String key, String value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(
                topic,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8))));
  }

  private static String event(String txnId, String more) {
    return """
    {"txn_id":"%s","event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z",%s}\
    """
        .formatted(txnId, more);
  }

  private Map<String, Long> reasons() throws Exception {
    Map<String, Long> reasons = new TreeMap<>();
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select reason, count(*) from dead_letters where source <> 'mobile' group by"
                    + " reason")) {
      while (rows.next()) {
        reasons.put(rows.getString(1), rows.getLong(2));
      }
    }
    return reasons;
  }

  @Test
  void eachBecomesADeadLetterAndThePartitionGoesOn() throws Exception {
    String good = "\"amount\":50000,\"currency\":\"INR\",\"channel\":\"CARD\"";
    send("core_txns", "P1", "not json at all");
    send("core_txns", "P2", event("P2", good.replace("50000", "50000.0")));
    send("core_txns", "P3", event("P3", good.replace("INR", "XXQ")));
    send("core_txns", "P4", event("P4", good + ",\"source\":\"nobody\""));
    send("core_txns", null, event("P5", good));
    send("core_txns", "P6", event("other", good));
    send("core_txns", "P7", event("P7", good.replace("50000", "\"50000\"")));
    send("core_txns", "P8", event("P8", "\"currency\":\"INR\""));
    send("core_txns", "P9", event("P9", good + ",\"reference\":\"" + "x".repeat(2 << 20) + "\""));
    send("core_txns", "P10", event("P10", "\"amount\":50000,\"currency\":\"INR\""));
    send("core_txns", "G1", event("G1", good));
    send("gateway_txns", "G1", event("G1", good));

    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                stage.count(
                        "select count(*) from transactions where txn_id = 'G1' and state ="
                            + " 'MATCHED'")
                    == 1);
    assertThat(reasons())
        .isEqualTo(
            Map.of(
                "NOT_JSON", 1L,
                "FRACTIONAL_AMOUNT", 1L,
                "UNKNOWN_CURRENCY", 1L,
                "UNKNOWN_SOURCE", 1L,
                "NO_KEY", 1L,
                "KEY_MISMATCH", 1L,
                "BAD_VALUE", 1L,
                "MISSING_FIELD", 1L,
                "TOO_LARGE", 1L,
                "NO_RECONCILIATION", 1L));
  }

  @Test
  void aHotKeyNeitherStallsThePartitionNorGrows() throws Exception {
    for (int i = 0; i < HOT_EVENTS; i++) {
      send(
          "mobile_txns",
          "HOT",
          event(
              "HOT",
              "\"amount\":1,\"currency\":\"INR\",\"channel\":\"MOBILE\",\"event_id\":\"h%d\""
                  .formatted(i)));
    }
    String good = "\"amount\":70000,\"currency\":\"INR\",\"channel\":\"MOBILE\"";
    for (String topic : new String[] {"core_txns", "gateway_txns", "mobile_txns"}) {
      send(topic, "COLD", event("COLD", good));
    }

    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                stage.count(
                        "select count(*) from transactions where txn_id = 'COLD' and state ="
                            + " 'MATCHED'")
                    == 1);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                stage.count(
                        "select count(*) from dead_letters where reason = 'TOO_MANY_EVENTS' and"
                            + " source = 'mobile'")
                    == HOT_EVENTS - 100);
    assertThat(
            stage.count(
                "select jsonb_array_length(events::jsonb) from transactions where txn_id = 'HOT'"))
        .isEqualTo(100);
    assertThat(stage.count("select count(*) from transactions where txn_id = 'HOT' and overflow"))
        .isEqualTo(1);
    VerifyResult verified = stage.verify();
    assertThat(verified.ok()).as("%s", verified).isTrue();
  }
}
