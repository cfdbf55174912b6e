package dev.tallystick.launcher.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.simulator.scenario.RunIds;
import dev.tallystick.simulator.scenario.ScenarioRunner;
import dev.tallystick.simulator.scenario.Target;
import dev.tallystick.verticles.http.Bodies;
import dev.tallystick.verticles.http.HttpVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The routes over real HTTP; what is run here waits only, and so needs no engine. */
class ScenarioRoutesTest {

  private static final String WAIT = scenario("{\"wait_ms\":0}");
  private static final String WAIT_LONG = scenario("{\"wait_ms\":600000}");

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ScenarioRoutes routes =
      new ScenarioRoutes(new Bodies(), ScenarioRoutesTest::runner);
  private int port;

  private static ScenarioRunner runner(URI node) {
    return new ScenarioRunner(
        new Target(node, Map.of(), Map.of("settlement", Map.of("bank", "bank_txns"))),
        new RunIds(new Random(1)),
        InstantSource.system());
  }

  private static String scenario(String step) {
    return "{\"name\":\"n\",\"reconciliation\":\"settlement\",\"steps\":[" + step + "]}";
  }

  @BeforeEach
  void open() throws Exception {
    port = serve(new HttpVerticle("127.0.0.1", 0, List.of(routes::mount)));
    routes.open("0.0.0.0", port);
  }

  @AfterEach
  void close() throws Exception {
    routes.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    client.close();
  }

  private int serve(HttpVerticle http) throws Exception {
    vertx.deployVerticle(http).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return http.actualPort();
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  private JsonObject finished(HttpResponse<String> accepted) {
    String path = accepted.headers().firstValue("location").orElseThrow();
    return await()
        .until(
            () -> new JsonObject(get(path).body()),
            run -> !run.getString("status").equals("RUNNING"));
  }

  @Test
  void aScenarioIsAcceptedAndItsResultFoundAtItsLocation() throws Exception {
    HttpResponse<String> accepted = post("/test/scenarios", "application/json", WAIT);
    assertThat(accepted.statusCode()).isEqualTo(202);
    String id = new JsonObject(accepted.body()).getString("id");
    assertThat(accepted.body()).isEqualTo("{\"id\":\"" + id + "\",\"status\":\"RUNNING\"}");
    assertThat(accepted.headers().firstValue("location")).contains("/test/scenarios/" + id);
    JsonObject run = finished(accepted);
    assertThat(run.getString("status")).isEqualTo("PASSED");
    assertThat(run.getJsonArray("steps").getJsonObject(0).getString("kind")).isEqualTo("wait");
  }

  @Test
  void yamlSaysItByItsContentType() throws Exception {
    HttpResponse<String> accepted =
        post(
            "/test/scenarios",
            "application/yaml; charset=utf-8",
            "name: n\nreconciliation: settlement\nsteps:\n  - wait_ms: 0\n");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(finished(accepted).getString("status")).isEqualTo("PASSED");
    assertThat(post("/test/scenarios", "application/xml", WAIT).statusCode()).isEqualTo(415);
  }

  @Test
  void whatIsWrongIsAnsweredWithItsPlaceAndValue() throws Exception {
    HttpResponse<String> invalid =
        post("/test/scenarios", "application/json", scenario("{\"wait_ms\":-1}"));
    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(invalid.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(new JsonObject(invalid.body()).getJsonArray("errors"))
        .isEqualTo(
            new JsonArray(
                """
                [{"pointer":"/steps/0/wait_ms","value":"-1","reason":"is not within 0 to 600000"}]
                """));
    HttpResponse<String> unreadable = post("/test/scenarios", "application/yaml", "name: [");
    assertThat(unreadable.statusCode()).isEqualTo(400);
    assertThat(unreadable.body()).contains("is not YAML", "(at 1:8)");
    assertThat(post("/test/scenarios", "application/json", "").statusCode()).isEqualTo(400);
    HttpResponse<String> unknown =
        post("/test/scenarios", "application/json", WAIT.replace("settlement", "cards"));
    assertThat(unknown.statusCode()).isEqualTo(422);
    assertThat(unknown.body()).contains("/reconciliation", "cards", "known: settlement");
  }

  @Test
  void theListShowsTheNewestFirst() throws Exception {
    JsonObject first = finished(post("/test/scenarios", "application/json", WAIT));
    JsonObject second = finished(post("/test/scenarios", "application/json", WAIT));
    JsonObject list = new JsonObject(get("/test/scenarios").body());
    assertThat(list.getJsonArray("items").stream().map(run -> ((JsonObject) run).getString("id")))
        .containsExactly(second.getString("id"), first.getString("id"));
    assertThat(list.containsKey("next")).isTrue();
    assertThat(list.getString("as_of")).endsWith("Z");
    assertThat(get("/test/scenarios?page=2").statusCode()).isEqualTo(400);
  }

  @Test
  void moreThanEightAtOnceAreAskedToComeAgain() throws Exception {
    for (int i = 0; i < ScenarioRunner.RUNNING_MAX; i++) {
      assertThat(post("/test/scenarios", "application/json", WAIT_LONG).statusCode())
          .isEqualTo(202);
    }
    HttpResponse<String> refused = post("/test/scenarios", "application/json", WAIT);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).contains("5");
  }

  @Test
  void theClassicsAreOneRun() throws Exception {
    HttpResponse<String> accepted = post("/test/scenarios/classics", "application/json", "");
    assertThat(accepted.statusCode()).isEqualTo(202);
    JsonObject run = finished(accepted); // nobody takes events here
    assertThat(run.getString("name")).isEqualTo("classics");
    assertThat(run.getString("status")).isEqualTo("ERROR");
    assertThat(run.getJsonArray("steps").getJsonObject(0).getString("reason"))
        .startsWith("POST /events was refused with 404");
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(get("/test/scenarios/nobody").statusCode()).isEqualTo(404);
    port = serve(new HttpVerticle("127.0.0.1", 0, List.of())); // test.scenarios: false
    assertThat(get("/test/scenarios").statusCode()).isEqualTo(404);
    assertThat(get("/test/scenarios/x").statusCode()).isEqualTo(404);
    assertThat(post("/test/scenarios", "application/json", WAIT).statusCode()).isEqualTo(404);
    assertThat(post("/test/scenarios/classics", "application/json", "").statusCode())
        .isEqualTo(404);
  }
}
