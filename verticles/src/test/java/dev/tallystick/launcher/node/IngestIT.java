package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.embedded.fault.TcpFault;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.formats.json.JsonEventDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ATOMIC-INGEST: what was answered 202 is in the topic, and of anything else nothing is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what is started before all is there in each
class IngestIT {

  private static final int PARTITIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Long enough to see a record arrive before its acknowledgement gets back. */
  private static final long DELAY_MS = 500;

  private final HttpClient client = HttpClient.newHttpClient();
  private TcpFault way;
  private Stage stage;
  private URI at;
  private JsonEventDecoder decoder;
  private ServedContract contract;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    way = TcpFault.open();
    stage = Stage.open(directory, "60s", PARTITIONS, way);
    Node node = stage.startNode(way.address());
    at = URI.create("http://127.0.0.1:" + node.httpPort());
    HttpResponse<String> document =
        client.send(
            HttpRequest.newBuilder(at.resolve("/openapi.json")).build(),
            HttpResponse.BodyHandlers.ofString());
    contract = ServedContract.of(node.vertx(), document.body());
    SourceRule gateway =
        DefinitionReader.readDirectory(stage.definitions).stream()
            .flatMap(definition -> definition.sources().stream())
            .filter(source -> source.name().equals("gateway"))
            .findFirst()
            .orElseThrow();
    decoder = new JsonEventDecoder(gateway, 1 << 20);
  }

  @AfterAll
  void stop() {
    client.close();
    stage.close();
    way.close();
  }

  private static String event(String txnId) {
    return """
    {"txn_id":"%s","amount":50000,"currency":"INR","source":"GATEWAY",\
    "event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z"}\
    """
        .formatted(txnId);
  }

  private static String array(String prefix, int count) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(prefix + i));
    }
    return "[" + String.join(",", events) + "]";
  }

  private HttpRequest.Builder request(String body) {
    return HttpRequest.newBuilder(at.resolve("/events"))
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> post(String body) throws Exception {
    HttpResponse<String> answer =
        client.send(request(body).build(), HttpResponse.BodyHandlers.ofString());
    contract.judge("/events", "post", answer);
    return answer;
  }

  private JsonObject accepted(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonObject json = new JsonObject(answer.body());
    assertThat(json.fieldNames()).containsExactly("accepted", "duplicates", "events");
    assertThat(json.getInteger("accepted")).isEqualTo(json.getJsonArray("events").size());
    assertThat(json.getInteger("duplicates")).isZero();
    return json;
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            stage.addresses().kafkaBootstrap(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            20),
        bytes,
        bytes);
  }

  /** Records of the gateway's topic whose key begins so, up to the end there is now. */
  private List<ConsumerRecord<byte[], byte[]>> read(String isolation, String prefix) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        all.add(new TopicPartition("gateway_txns", i));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (key(record).startsWith(prefix)) {
            found.add(record);
          }
        }
      }
      return found;
    }
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  private static String place(JsonObject event) {
    return event.getString("topic")
        + "/"
        + event.getInteger("partition")
        + "/"
        + event.getLong("offset");
  }

  @Test
  void theExampleOfTheRequirementsWorksAsItStands() throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    HttpResponse<String> answer =
        client.send(
            request(event("TXN1001")).header("traceparent", trace).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonObject event = new JsonObject(answer.body()).getJsonArray("events").getJsonObject(0);
    assertThat(event.fieldNames())
        .containsExactly("index", "event_id", "topic", "partition", "offset");
    ConsumerRecord<byte[], byte[]> record = read("read_committed", "TXN1001").getFirst();
    assertThat(place(event)).isEqualTo(place(record));
    assertThat(new String(record.value(), StandardCharsets.UTF_8))
        .isEqualTo(event("TXN1001").replace("GATEWAY", "gateway"));
    assertThat(record.headers().lastHeader("traceparent").value())
        .isEqualTo(trace.getBytes(StandardCharsets.US_ASCII));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                stage.count(
                        "select count(*) from events where txn_id = 'TXN1001' and source ="
                            + " 'gateway' and amount = 50000")
                    == 1);
    HttpResponse<String> metrics =
        client.send(
            HttpRequest.newBuilder(at.resolve("/metrics")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(metrics.body()).contains("tallystick_ingest_events_total{source=\"gateway\"}");
  }

  @Test
  void oneBadEventKeepsAllOthersOut() throws Exception {
    String bad = array("BAD", 10).replace("BAD7\",\"amount\":50000", "BAD7\",\"amount\":50000.0");
    HttpResponse<String> answer = post(bad);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(
            new JsonObject(answer.body())
                .getJsonArray("errors")
                .getJsonObject(0)
                .getString("pointer"))
        .isEqualTo("/7/amount");
    assertThat(read("read_uncommitted", "BAD")).isEmpty();
    assertThat(read("read_committed", "BAD")).isEmpty();
    accepted(array("BAD", 10));
    assertThat(read("read_committed", "BAD")).hasSize(10);
  }

  @Test
  void aThousandAreOneTransaction() throws Exception {
    JsonArray events = accepted(array("MANY", 1_000)).getJsonArray("events");
    Map<String, String> told = new TreeMap<>();
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.getJsonObject(i).getInteger("index")).isEqualTo(i);
      told.put(place(events.getJsonObject(i)), "MANY" + i);
    }
    Map<String, String> there = new TreeMap<>();
    read("read_committed", "MANY").forEach(record -> there.put(place(record), key(record)));
    assertThat(there).hasSize(1_000).isEqualTo(told);
  }

  @Test
  void aCutInTheMiddleOfAnArrayLeavesNothingToSee() throws Exception {
    accepted(array("WARM", 2)); // both kinds of producer know the topic
    accepted(event("WARM"));
    way.delay(DELAY_MS);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request(array("CUT", 20)).build(), HttpResponse.BodyHandlers.ofString());
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> answer.isDone() || !read("read_uncommitted", "CUT").isEmpty());
    way.cut();
    assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(503);
    assertThat(answer.get().headers().firstValue("retry-after")).isPresent();
    assertThat(read("read_uncommitted", "CUT")).as("the cut was in the middle").isNotEmpty();
    assertThat(way.droppedCount()).isPositive();
    HttpResponse<String> alone = post(event("CUT-ALONE"));
    assertThat(alone.statusCode()).isEqualTo(503);
    way.delay(0);
    way.restore();
    await().atMost(PATIENCE).until(() -> post(array("CUT", 20)).statusCode() == 202);
    // Readers wait for the transaction that was cut off; it is ended without a further request.
    await().atMost(PATIENCE).until(() -> read("read_committed", "CUT").size() >= 20);
    Map<String, Integer> seen = new TreeMap<>();
    read("read_committed", "CUT").stream()
        .filter(record -> !key(record).equals("CUT-ALONE"))
        .forEach(record -> seen.merge(key(record), 1, Integer::sum));
    assertThat(seen).hasSize(20).allSatisfy((key, times) -> assertThat(times).isEqualTo(1));
  }

  @Test
  void aFencedProducerIsReplaced() throws Exception {
    accepted(array("BEFORE", 2));
    for (int lane = 0; lane < 2; lane++) {
      ByteArraySerializer bytes = new ByteArraySerializer();
      try (KafkaProducer<byte[], byte[]> other =
          new KafkaProducer<>(
              Map.of(
                  ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                  stage.addresses().kafkaBootstrap(),
                  ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                  "tallystick-ingest-node-1-" + lane),
              bytes,
              bytes)) {
        other.initTransactions();
      }
    }
    for (int i = 0; i < 4; i++) { // whichever of the two takes it
      accepted(array("FENCED" + i + "-", 3));
    }
    assertThat(read("read_committed", "FENCED")).hasSize(12);
  }

  @Test
  void aNodeThatStopsAnswersForWhatIsInKafka() throws Exception {
    Map<String, Object> outcomes = new ConcurrentHashMap<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      try (Node second = Node.start(stage.settings("node-2", way.address()))) {
        URI there = URI.create("http://127.0.0.1:" + second.httpPort() + "/events");
        way.delay(DELAY_MS / 10);
        for (int caller = 0; caller < 8; caller++) {
          String prefix = "STOP" + caller + "-";
          callers.execute(
              () -> {
                int asked = 0;
                while (ask(there, prefix + asked, outcomes)) {
                  asked++;
                }
              });
        }
        await().atMost(PATIENCE).until(() -> outcomes.containsValue(202));
      } // closed while they go on asking
    } finally {
      way.delay(0);
    }
    Set<String> written = new TreeSet<>();
    read("read_uncommitted", "STOP").forEach(record -> written.add(key(record)));
    outcomes.forEach(
        (txnId, outcome) -> {
          if (outcome instanceof Integer status) {
            assertThat(status).as(txnId).isIn(202, 503);
          } else {
            assertThat(written).as("%s: %s", txnId, outcome).doesNotContain(txnId);
          }
        });
    assertThat(outcomes.values())
        .as("somebody asked too late")
        .anyMatch(IOException.class::isInstance);
  }

  /** Whether to ask again: until there is no answer. */
  private boolean ask(URI there, String txnId, Map<String, Object> outcomes) {
    HttpRequest request =
        HttpRequest.newBuilder(there)
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(event(txnId)))
            .build();
    try {
      outcomes.put(
          txnId, client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      return true;
    } catch (IOException e) {
      outcomes.put(txnId, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The engine reads from the topic exactly the event that the caller was told of. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatWasAnsweredIsWhatTheEngineReads(long seed) throws Exception {
    Random random = new Random(seed);
    String prefix = "GEN" + seed + "-";
    Map<String, String> told = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      List<JsonObject> events = new ArrayList<>();
      int count = 1 + random.nextInt(8);
      for (int j = 0; j < count; j++) {
        events.add(Generated.event(random, prefix + i + "-" + j));
      }
      String body =
          count == 1 && random.nextBoolean()
              ? Generated.written(random, events.getFirst())
              : Generated.written(random, new JsonArray(events));
      JsonArray answer = accepted(body).getJsonArray("events");
      for (int j = 0; j < count; j++) {
        JsonObject event = answer.getJsonObject(j);
        told.put(place(event), event.getString("event_id"));
        String given = events.get(j).getString("event_id");
        if (given != null) {
          assertThat(event.getString("event_id")).isEqualTo(given);
        }
      }
    }
    Map<String, String> there = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read("read_committed", prefix)) {
      Reading reading =
          decoder.decode(
              new RawRecord(
                  record.offset(), record.timestamp(), record.key(), record.value(), List.of()));
      assertThat(reading).isInstanceOf(Reading.Taken.class);
      there.put(place(record), ((Reading.Taken) reading).event().eventId());
    }
    assertThat(there).isEqualTo(told);
  }
}
