package dev.tallystick.verticles.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.embedded.fault.TcpFault;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.verticles.http.Bodies;
import dev.tallystick.verticles.http.HttpVerticle;
import dev.tallystick.verticles.meters.IngestMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller hears while Kafka refuses every connection. */
@NullUnmarked // what is started before each is there in each
class EventsRouteTest {

  private static final String EXAMPLE =
      """
      {"txn_id":"TXN1001","amount":50000,"currency":"INR","source":"GATEWAY",\
      "event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z"}\
      """;

  /** More than any bounded wait of ours; a hang fails the test here. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private TcpFault kafka;
  private Vertx vertx;
  private EventsRoute route;

  @BeforeEach
  void start() {
    kafka = TcpFault.open();
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    route.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    kafka.close();
  }

  private URI serve(boolean open) throws Exception {
    List<Rulebook> rulebooks =
        DefinitionReader.readDirectory(Path.of("../config/reconciliations")).stream()
            .map(definition -> new Rulebook(List.of(definition)))
            .toList();
    route =
        new EventsRoute(
            vertx,
            new IngestSettings(
                "test", Map.of("bootstrap.servers", kafka.address()), rulebooks, 1 << 20, open),
            new IngestMeters(registry),
            new Bodies(),
            System::currentTimeMillis);
    HttpVerticle http =
        new HttpVerticle(
            "127.0.0.1",
            0,
            List.of(route::mount, router -> router.get("/well").handler(r -> r.response().end())));
    vertx.deployVerticle(http).toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    return URI.create("http://127.0.0.1:" + http.actualPort() + "/events");
  }

  private static HttpRequest.Builder post(URI at, byte[] body) {
    return HttpRequest.newBuilder(at)
        .timeout(PATIENCE)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static HttpRequest.Builder post(URI at, String body) {
    return post(at, body.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private double refused(String code) {
    return registry.counter("tallystick.ingest.refused", "code", code).count();
  }

  @Test
  void withoutOpenIngestItSaysWhatIsNeeded() throws Exception {
    HttpResponse<String> answer = send(post(serve(false), EXAMPLE));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(new JsonObject(answer.body()).getString("detail")).contains("events:write");
    assertThat(refused("UNAUTHENTICATED")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "NULL | NULL | 422",
        "application/json | NULL | 422",
        "Application/JSON ; charset=UTF-8 | identity | 422",
        "application/json;charset=\"utf-8\" | NULL | 422",
        "application/json;charset=utf-16 | NULL | 415",
        "application/json;charset | NULL | 415",
        "application/jsonx | NULL | 415",
        "text/plain | NULL | 415",
        "application/json | gzip | 415",
      })
  void jsonInUtf8IsReadAndNothingElse(@Nullable String type, @Nullable String encoding, int status)
      throws Exception {
    HttpRequest.Builder request = post(serve(true), "{}");
    if (type != null) {
      request.header("content-type", type);
    }
    if (encoding != null) {
      request.header("content-encoding", encoding);
    }
    assertThat(send(request).statusCode()).isEqualTo(status);
    assertThat(refused("UNSUPPORTED_MEDIA_TYPE")).isEqualTo(status == 415 ? 1 : 0);
  }

  @Test
  void aPageOfAnotherOriginMayNotPost() throws Exception {
    URI at = serve(true);
    String own = "http://" + at.getAuthority();
    assertThat(send(post(at, "{}").header("origin", own)).statusCode()).isEqualTo(422);
    assertThat(send(post(at, "{}").header("origin", "null")).statusCode()).isEqualTo(403);
    assertThat(send(post(at, "{}").header("origin", "http://evil.example")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whatCannotBeReadIsAProblem() throws Exception {
    URI at = serve(true);
    assertThat(send(post(at, "")).statusCode()).isEqualTo(400);
    assertThat(send(post(at, "no json")).statusCode()).isEqualTo(400);
    assertThat(send(post(at, new byte[] {'"', (byte) 0xC0, '"'})).statusCode()).isEqualTo(400);
    assertThat(send(post(at, "[" + " ".repeat(4 << 20) + "]")).statusCode()).isEqualTo(413);
    assertThat(send(post(at, "[" + " ".repeat((4 << 20) - 5) + "{}]")).statusCode()).isEqualTo(422);
    assertThat(send(post(at, "[" + "{},".repeat(1_000) + "{}]")).statusCode()).isEqualTo(413);
    HttpResponse<String> answer = send(post(at, "[" + EXAMPLE + ",{}]"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(new JsonObject(answer.body()).getJsonArray("errors").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("pointer", "/1/txn_id")
                .put("value", null)
                .put("reason", "missing (MISSING_FIELD)"));
    assertThat(refused("NOT_JSON")).isEqualTo(3);
    assertThat(refused("TOO_MANY_EVENTS")).isEqualTo(1);
  }

  @Test
  void withoutKafkaItSaysTryAgainAndNothingElseWaits() throws Exception {
    URI at = serve(true);
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.of(EXAMPLE, "[" + EXAMPLE + "]", EXAMPLE, "[" + EXAMPLE + "]", EXAMPLE)
            .map(
                body ->
                    client.sendAsync(post(at, body).build(), HttpResponse.BodyHandlers.ofString()))
            .toList();
    assertThat(send(HttpRequest.newBuilder(at.resolve("/well")).timeout(PATIENCE)).statusCode())
        .isEqualTo(200);
    assertThat(answers.getFirst().isDone()).as("nothing waited for Kafka").isFalse();
    for (CompletableFuture<HttpResponse<String>> each : answers) {
      HttpResponse<String> answer = each.get();
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).contains("2");
      assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("UNAVAILABLE");
    }
    assertThat(kafka.refusedCount()).isPositive();
    assertThat(refused("UNAVAILABLE")).isEqualTo(answers.size());
  }

  @Test
  void aCallerThatHasGoneHarmsNobody() throws Exception {
    URI at = serve(true);
    try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), at.getPort())) {
      gone.getOutputStream()
          .write(
              "POST /events HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(EXAMPLE.length(), EXAMPLE)
                  .getBytes(StandardCharsets.US_ASCII));
      gone.getOutputStream().flush();
    }
    await().atMost(PATIENCE).until(() -> refused("UNAVAILABLE") == 1);
    assertThat(send(post(at, "{}")).statusCode()).isEqualTo(422);
  }
}
