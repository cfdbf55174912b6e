package dev.tallystick.launcher.node;

import static org.awaitility.Awaitility.await;

import dev.tallystick.core.wire.TimeText;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A node with something to tell, and a way to ask it. */
final class ApiStage implements AutoCloseable {

  static final int MATCHED = 25;

  final Stage stage;
  final Node node;
  final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final KafkaProducer<String, String> producer;

  private ApiStage(Stage stage, Node node) {
    this.stage = stage;
    this.node = node;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stage.addresses().kafkaBootstrap()),
            new StringSerializer(),
            new StringSerializer());
  }

  static ApiStage open(Path directory) throws Exception {
    Stage stage = Stage.open(directory, "3s", 2);
    return open(stage, stage.startNode());
  }

  static ApiStage open(Stage stage, Node node) throws Exception {
    ApiStage opened = new ApiStage(stage, node);
    opened.tell();
    return opened;
  }

  private void tell() throws Exception {
    producer
        .send(new ProducerRecord<>("gateway_txns", 0, "KEY", "{no JSON"))
        .get(30, TimeUnit.SECONDS);
    pair("TXN-DOC-1", 50_000, 50_000);
    pair("TXN1003", 5_000, 4_500);
    pair("way/of all+ü€", 7_000, 7_100);
    report("gateway", "TXN-MISS", 1_234_567, "");
    for (int i = 0; i < MATCHED; i++) {
      pair("TXN-%03d".formatted(i), 100 + i, 100 + i);
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                stage.count("select count(*) from transactions where state <> 'PENDING'")
                        == MATCHED + 4
                    && stage.count("select count(*) from dead_letters") == 1);
  }

  void pair(String txnId, long gatewayMinor, long bankMinor) throws Exception {
    report("gateway", txnId, gatewayMinor, "");
    report("bank", txnId, bankMinor, "");
  }

  /**
   * @param more further fields, each with a comma before it
   */
  void report(String source, String txnId, long amountMinor, String more) throws Exception {
    JsonObject event =
        new JsonObject()
            .put("txn_id", txnId)
            .put("event_type", "PAYMENT_CAPTURED")
            .put("status", "SUCCESS")
            .put("amount", amountMinor)
            .put("currency", "INR")
            .put("account", "A-1")
            .put("timestamp", TimeText.of(System.currentTimeMillis()));
    String text = event.encode();
    RecordMetadata record =
        producer
            .send(
                new ProducerRecord<>(
                    source + "_txns", txnId, text.substring(0, text.length() - 1) + more + "}"))
            .get(30, TimeUnit.SECONDS);
    while (System.currentTimeMillis() <= record.timestamp()) { // what is told next arrives later
      Thread.onSpinWait();
    }
  }

  HttpResponse<String> get(String pathAndQuery) throws Exception {
    return send("GET", pathAndQuery, null);
  }

  JsonObject json(String pathAndQuery) throws Exception {
    HttpResponse<String> response = get(pathAndQuery);
    if (response.statusCode() != 200) {
      throw new AssertionError(pathAndQuery + ": " + response.statusCode() + response.body());
    }
    return new JsonObject(response.body());
  }

  HttpResponse<String> send(String method, String pathAndQuery, @Nullable String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + pathAndQuery))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> form(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
            .timeout(Duration.ofSeconds(10))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** For a segment of a path or a value of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    http.close();
    stage.close();
  }
}
