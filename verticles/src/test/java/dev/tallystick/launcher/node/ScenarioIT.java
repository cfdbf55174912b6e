package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.simulator.scenario.Classics;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios against the whole: posted, produced, judged, stored and read back. */
class ScenarioIT {

  /** Long enough that a transaction is seen waiting on a busy machine. */
  private static final String SLA = "8s";

  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  @TempDir static Path directory;
  private static Stage stage;
  private static int port;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void open() throws IOException {
    stage = Stage.open(directory, SLA, 2);
    port = stage.startNode().httpPort();
  }

  @AfterAll
  static void everythingIsAsTheLogSays() {
    try {
      assertThat(stage.verify().ok()).isTrue();
    } finally {
      stage.close();
      CLIENT.close();
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private static String start(String path, String type, String body) throws Exception {
    HttpResponse<String> accepted =
        send(to(path).header("content-type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return accepted.headers().firstValue("location").orElseThrow();
  }

  private static JsonObject ended(String location) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> new JsonObject(send(to(location).GET()).body()),
            run -> !run.getString("status").equals("RUNNING"));
  }

  private static JsonObject step(JsonObject run, int index) {
    return run.getJsonArray("steps").getJsonObject(index);
  }

  @Test
  void theClassicsPassAsOftenAsTheyAreRun() throws Exception {
    List<String> locations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      locations.add(start("/test/scenarios/classics", JSON, ""));
    }
    for (String location : locations) {
      JsonObject run = ended(location);
      assertThat(run.getString("status")).as(run.encodePrettily()).isEqualTo("PASSED");
      assertThat(step(run, 0).getJsonObject("actual").getString("topic")).isEqualTo("gateway_txns");
      assertThat(step(run, 7).getJsonObject("actual").getJsonObject("mismatch").getLong("delta"))
          .isEqualTo(-500);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"late-arrival", "duplicate", "poison"})
  void everyExamplePasses(String name) throws Exception {
    String text;
    try (InputStream file = Classics.class.getResourceAsStream("/scenarios/" + name + ".yaml")) {
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    JsonObject run = ended(start("/test/scenarios", YAML, text));
    assertThat(run.getString("status")).as(run.encodePrettily()).isEqualTo("PASSED");
  }

  @Test
  void aWrongExpectationFailsAndSaysWhatDiffers() throws Exception {
    JsonObject run =
        ended(
            start(
                "/test/scenarios",
                JSON,
                """
                {"name":"wrong","reconciliation":"settlement","steps":[
                 {"send":{"txn_id":"WRONG-${run}","source":"GATEWAY","amount":5000,
                   "currency":"INR","event_type":"PAYMENT_CAPTURED","status":"SUCCESS",
                   "timestamp":"2025-12-18T10:15:30Z"}},
                 {"send":{"txn_id":"WRONG-${run}","source":"BANK","amount":4500,
                   "currency":"INR","event_type":"PAYMENT_CAPTURED","status":"SUCCESS",
                   "timestamp":"2025-12-18T10:15:30Z"}},
                 {"expect":{"txn_id":"WRONG-${run}","label":"AMOUNT_MISMATCH"}},
                 {"expect":{"txn_id":"WRONG-${run}","state":"MATCHED","within_ms":500,
                   "mismatch":{"type":"AMOUNT","expected":5000,"actual":4600,"delta":-400}}},
                 {"wait_ms":1}]}
                """));
    assertThat(run.getString("status")).as(run.encodePrettily()).isEqualTo("FAILED");
    assertThat(step(run, 3).getString("reason"))
        .isEqualTo(
            "state: expected MATCHED, actual MISMATCHED;"
                + " mismatch.actual: expected 4600, actual 4500;"
                + " mismatch.delta: expected -400, actual -500");
    assertThat(step(run, 4).getString("status")).isEqualTo("PENDING");
  }

  @Test
  void anEventThatIsNoneIsAnErrorWithTheApisOwnReason() throws Exception {
    JsonObject run =
        ended(
            start(
                "/test/scenarios",
                JSON,
                """
                {"name":"broken","reconciliation":"settlement","steps":[
                 {"send":{"txn_id":"BROKEN-${run}","source":"GATEWAY","amount":5000.0,
                   "currency":"INR","event_type":"PAYMENT_CAPTURED","status":"SUCCESS",
                   "timestamp":"2025-12-18T10:15:30Z"}}]}
                """));
    assertThat(run.getString("status")).as(run.encodePrettily()).isEqualTo("ERROR");
    assertThat(step(run, 0).getJsonObject("actual").getInteger("status")).isEqualTo(422);
    assertThat(step(run, 0).getString("reason")).contains("422", "/amount", "5000.0");
  }
}
