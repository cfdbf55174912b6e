package dev.tallystick.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users have it: a process, its output, its exit code, and what it leaves. */
class LauncherIT {

  private static final Duration START_MAX = Duration.ofSeconds(30);
  private static final Duration DEMO_MAX = Duration.ofMinutes(3);
  private static final Path PRESETS = Path.of("../config/reconciliations");

  @TempDir Path directory;

  private String data = "";
  private String config = "";

  /** The presets with deadlines of three seconds and two partitions. */
  @BeforeEach
  void shortDeadlines() throws IOException {
    data = directory.resolve("data").toString();
    Path definitions = Files.createDirectories(directory.resolve("definitions"));
    try (var files = Files.list(PRESETS)) {
      for (Path preset : files.toList()) {
        Files.writeString(
            definitions.resolve(String.valueOf(preset.getFileName())),
            Files.readString(preset)
                .replaceAll("sla: *60s", "sla: 3s")
                .replaceAll("partitions: *8", "partitions: 2"));
      }
    }
    config =
        Files.writeString(directory.resolve("own.yaml"), "reconciliations: definitions\n")
            .toString();
  }

  private LauncherProcess launch(Map<String, String> variables, String... command)
      throws IOException {
    String[] all = new String[command.length + 4];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(new String[] {"--data", data, "--config", config}, 0, all, command.length, 4);
    return LauncherProcess.start(directory, variables, all);
  }

  private static HttpResponse<String> get(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aNodeServesUntilItIsToldToStopAndLeavesNothingBehind() throws Exception {
    try (LauncherProcess node = launch(Map.of(), "start", "--port", "0")) {
      String http = node.event("ready").path("http").asText();
      Path endpoints = Path.of(data, "endpoints.json");
      JsonNode written = new JsonMapper().readTree(Files.readString(endpoints));
      assertThat(written.path("http").asText()).isEqualTo(http);
      assertThat(written.has("eventbus") && written.has("registry") && written.has("issuer"))
          .isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(endpoints)))
          .isEqualTo("rw-------");
      assertThat(get(http + "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(http + "/health/ready").body()).contains("\"status\":\"UP\"", "postgres");
      assertThat(get(http + "/metrics").body()).contains("tallystick_");
      assertThat(get(http + "/test/scenarios").statusCode()).isEqualTo(404); // not enabled

      List<ProcessHandle> children = LauncherProcess.workingIn(Path.of(data));
      assertThat(children).hasSizeGreaterThanOrEqualTo(2); // PostgreSQL and Redis
      node.terminate();
      assertThat(node.exit(START_MAX)).isEqualTo(143);
      assertThat(endpoints).doesNotExist();
      await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(node.err()).isEmpty();
      assertThat(node.last().path("event").asText()).isEqualTo("result");
    }
  }

  @Test
  void aTakenPortIsSaidAtOnce() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LauncherProcess node =
            launch(Map.of(), "start", "--port", Integer.toString(taken.getLocalPort()))) {
      assertThat(node.exit(START_MAX)).isEqualTo(78);
      assertThat(node.err())
          .startsWith("tallystick: http.port: " + taken.getLocalPort())
          .hasLineCount(1);
    }
  }

  @Test
  void anUnknownKeyIsSaidAtOnce() throws Exception {
    Files.writeString(Path.of(config), "http:\n  prot: 1\n");
    try (LauncherProcess node = launch(Map.of(), "start", "--port", "0")) {
      assertThat(node.exit(START_MAX)).isEqualTo(78);
      assertThat(node.err()).contains("own.yaml:2:3: prot: unknown key").hasLineCount(1);
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() throws Exception {
    Map<String, String> nowhere =
        Map.of(
            "TALLYSTICK_SERVICES", "external",
            "TALLYSTICK_KAFKA_BOOTSTRAP", "127.0.0.1:1",
            "TALLYSTICK_STORAGE_URL", "postgresql://127.0.0.1:1/tallystick");
    try (LauncherProcess node = launch(nowhere, "start", "--port", "0")) {
      assertThat(node.exit(START_MAX)).isEqualTo(69);
      assertThat(node.err()).contains("storage.url", "127.0.0.1:1").hasLineCount(1);
      assertThat(node.last().path("exit").asInt()).isEqualTo(69);
    }
  }

  @Test
  void servicesServeNodesOfTheSameDirectoryAndAKafkaThatIsNotThereIsNamed() throws Exception {
    try (LauncherProcess services = launch(Map.of(), "services")) {
      assertThat(services.event("ready").path("http").isNull()).isTrue();
      JsonNode at = new JsonMapper().readTree(Files.readString(Path.of(data, "endpoints.json")));
      try (LauncherProcess node = launch(Map.of(), "start", "--port", "0")) {
        assertThat(get(node.event("ready").path("http").asText() + "/health/ready").statusCode())
            .isEqualTo(200);
        try (LauncherProcess send =
            launch(Map.of(), "send", "--source", "Gateway", "--txn", "MINE-1")) {
          assertThat(send.exit(START_MAX)).isZero();
          assertThat(send.last().path("topic").asText()).isEqualTo("gateway_txns");
          assertThat(send.last().path("offset").asLong(-1)).isZero();
        }
        node.terminate();
        assertThat(node.exit(START_MAX)).isEqualTo(143);
      }
      assertThat(Path.of(data, "endpoints.json")).exists(); // the services still serve

      Map<String, String> halfThere =
          Map.of(
              "TALLYSTICK_SERVICES",
              "external",
              "TALLYSTICK_KAFKA_BOOTSTRAP",
              "127.0.0.1:1",
              "TALLYSTICK_STORAGE_URL",
              "postgresql://127.0.0.1:%d/tallystick"
                  .formatted(at.path("postgres").path("port").asInt()),
              "TALLYSTICK_STORAGE_PASSWORD",
              at.path("postgres").path("password").asText());
      try (LauncherProcess node = launch(halfThere, "start", "--port", "0")) {
        assertThat(node.exit(START_MAX)).isEqualTo(69);
        assertThat(node.err())
            .startsWith("tallystick: kafka.bootstrap: 127.0.0.1:1")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void aScenarioHasANodeOfItsOwnOrThatOfTheDirectory() throws Exception {
    String match = "../simulator/src/main/resources/scenarios/match.yaml";
    try (LauncherProcess scenario = launch(Map.of(), "scenario", match)) {
      assertThat(scenario.exit(DEMO_MAX)).as(scenario.out() + scenario.err()).isZero();
      JsonNode result = scenario.last();
      assertThat(result.path("event").asText()).isEqualTo("result");
      assertThat(result.path("command").asText()).isEqualTo("scenario");
      assertThat(result.path("ok").asBoolean()).isTrue();
      assertThat(result.path("name").asText()).isEqualTo("match");
      assertThat(result.path("steps")).hasSize(3);
      assertThat(scenario.out().lines().filter(line -> line.startsWith("{\"event\":\"step\"")))
          .hasSize(3);
    }
    assertThat(Path.of(data, "endpoints.json")).doesNotExist();
    try (LauncherProcess node = launch(Map.of(), "start", "--port", "0")) {
      node.event("ready");
      try (LauncherProcess scenario = launch(Map.of(), "scenario", match)) {
        assertThat(scenario.exit(START_MAX)).isEqualTo(1);
        assertThat(scenario.last().path("status").asText()).isEqualTo("ERROR");
        assertThat(scenario.last().path("steps").path(0).path("reason").asText())
            .contains("refused with 401", "http.open-ingest");
      }
    }
  }

  @Test
  void theDemoFindsEveryFaultAndNothingElse() throws Exception {
    try (LauncherProcess demo =
        launch(Map.of(), "demo", "--for", "10s", "--rate", "50", "--drain", "--port", "0")) {
      int exit = demo.exit(DEMO_MAX);
      JsonNode result = demo.last();
      assertThat(result.path("event").asText()).isEqualTo("result");
      assertThat(result.path("first_difference").isNull()).as(demo.out()).isTrue();
      assertThat(result.path("ok").asBoolean()).isTrue();
      assertThat(result.path("injected")).isEqualTo(result.path("detected"));
      assertThat(result.path("transactions").asLong()).isGreaterThan(200);
      assertThat(exit).isZero();
    }
  }

  @Test
  void aKilledDemoGoesOnAndNothingIsLostOrDouble() throws Exception {
    try (LauncherProcess killed = launch(Map.of(), "demo", "--rate", "50", "--port", "0")) {
      killed.event("progress");
      killed.kill();
      assertThat(killed.exit(START_MAX)).isEqualTo(137);
    }
    try (LauncherProcess again =
        launch(Map.of(), "demo", "--for", "5s", "--rate", "50", "--drain", "--port", "0")) {
      int exit = again.exit(DEMO_MAX);
      assertThat(again.last().path("missed").asLong(-1)).as(again.out()).isZero();
      assertThat(again.last().path("false").asLong(-1)).as(again.out()).isZero();
      assertThat(exit).as(again.out() + again.err()).isZero();
    }
    try (LauncherProcess verify = launch(Map.of(), "verify")) {
      int exit = verify.exit(DEMO_MAX);
      JsonNode result = verify.last();
      assertThat(result.path("lost").asLong(-1)).isZero();
      assertThat(result.path("double").asLong(-1)).isZero();
      assertThat(result.path("false_missing").asLong(-1)).isZero();
      assertThat(result.path("agree").asLong()).isGreaterThan(0);
      assertThat(exit).as(verify.out()).isZero();
    }
  }
}
