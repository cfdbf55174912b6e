package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A node as its clients see it: its HTTP routes and the topics of its sources. Calls block the
 * (virtual) thread that makes them, at most {@value #ANSWER_MAX_SECONDS} s each.
 */
public final class Target implements AutoCloseable {

  private static final int ANSWER_MAX_SECONDS = 20;
  private static final int CONNECT_MAX_SECONDS = 2;
  private static final int BODY_MAX_BYTES = 8 << 20;
  private static final int RECORD_MAX_BYTES = 4 << 20;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * An answer.
   *
   * @param body missing where it is no JSON
   * @param retryAfterMs what the header of that name asks for, milliseconds; 0: it is not there
   */
  record Answer(int status, JsonNode body, long retryAfterMs) {}

  private final URI base;
  private final Map<String, Object> kafka;
  private final Map<String, Map<String, String>> topics;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(CONNECT_MAX_SECONDS))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private boolean closed;

  /**
   * @param base {@code http://localhost:8000}
   * @param kafka client properties, {@code bootstrap.servers} among them; used by {@code send_raw}
   *     only
   * @param topics reconciliation → source in lower case → topic
   */
  public Target(URI base, Map<String, Object> kafka, Map<String, Map<String, String>> topics) {
    this.base = base;
    this.kafka = Map.copyOf(kafka);
    this.topics = Map.copyOf(topics);
  }

  Map<String, Map<String, String>> topics() {
    return topics;
  }

  Answer postEvent(ObjectNode event) throws IOException, InterruptedException {
    return ask(
        HttpRequest.newBuilder(base.resolve("/events"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event.toString())),
        TimeUnit.SECONDS.toMillis(ANSWER_MAX_SECONDS));
  }

  /**
   * {@code /txns} or {@code /transactions}.
   *
   * @throws HttpTimeoutException there is no complete answer within {@code limitMs}
   */
  Answer transaction(String route, String txnId, String reconciliation, long limitMs)
      throws IOException, InterruptedException {
    String path =
        "/%s/%s?reconciliation=%s".formatted(route, encoded(txnId), encoded(reconciliation));
    return ask(HttpRequest.newBuilder(base.resolve(path)).GET(), limitMs);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The client's own timeout ends with the headers; this one covers the body too. */
  private Answer ask(HttpRequest.Builder request, long limitMs)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(
            request.header("accept", "application/json, application/problem+json").build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), BODY_MAX_BYTES));
    try {
      HttpResponse<byte[]> response = asked.get(limitMs, TimeUnit.MILLISECONDS);
      long retryAfterMs =
          response.headers().firstValue("retry-after").map(Target::secondsToMs).orElse(0L);
      return new Answer(response.statusCode(), body(response.body()), retryAfterMs);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within " + limitMs + " ms");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
    } finally {
      asked.cancel(true);
    }
  }

  private static long secondsToMs(String seconds) {
    return seconds.matches("[0-9]{1,6}") ? Long.parseLong(seconds) * 1_000 : 0;
  }

  private static JsonNode body(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  /**
   * Puts a record into a topic.
   *
   * @return {@code topic, partition, offset}
   * @throws IOException it was not acknowledged
   */
  ObjectNode sendRaw(String topic, byte @Nullable [] key, byte[] value)
      throws IOException, InterruptedException {
    try {
      RecordMetadata at =
          producer()
              .send(new ProducerRecord<>(topic, key, value))
              .get(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
      return JsonNodeFactory.instance
          .objectNode()
          .put("topic", at.topic())
          .put("partition", at.partition())
          .put("offset", at.offset());
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new IOException("Kafka did not acknowledge the record: " + e.getMessage(), e);
    }
  }

  private synchronized KafkaProducer<byte[], byte[]> producer() throws IOException {
    if (closed) {
      throw new IOException("the runner is closed");
    }
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      Map<String, Object> properties = new HashMap<>(kafka);
      properties.put(ProducerConfig.ACKS_CONFIG, "all");
      properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MAX_SECONDS * 1_000);
      properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_MAX_BYTES);
      ByteArraySerializer bytes = new ByteArraySerializer();
      open = new KafkaProducer<>(properties, bytes, bytes);
      producer = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    closed = true;
    http.shutdownNow();
    if (producer != null) {
      producer.close(CLOSE_MAX);
    }
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
