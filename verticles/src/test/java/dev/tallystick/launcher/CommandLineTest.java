package dev.tallystick.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the words on the command line do, as far as no server is needed. */
class CommandLineTest {

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Tallystick.run(args, console, new Stopping(), Map.of());
  }

  private int runIn(String command) {
    List<String> args = new ArrayList<>(List.of(command.strip().split(" +")));
    args.addAll(List.of("--data", directory.resolve("data").toString()));
    return run(args.toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutACommandThereIsUsageOnStderr() {
    assertThat(run()).isEqualTo(2);
    assertThat(err()).contains("Usage: tallystick").contains("demo").contains("verify");
    assertThat(out()).isEmpty();
  }

  @Test
  void helpAndVersionAreAnswersNotErrors() {
    assertThat(run("--help")).isZero();
    assertThat(run("demo", "--help")).isZero();
    assertThat(run("--version")).isZero();
    assertThat(out())
        .contains("Usage: tallystick demo")
        .contains("--faults")
        .contains("tallystick ");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          dance                    | Unmatched argument
          demo --dance             | Unknown option: '--dance'
          demo --for 10            | '10' is not a duration (60s, 5m, 1h)
          demo --for 0s            | '0s' is not within 1ms to 30 days
          demo --rate fast         | 'fast' is not a double
          demo --rate 0            | --rate: 0.0 is not above 0 and up to 100000
          demo --faults 1.5        | --faults: 1.5 is not within 0 to 1
          demo --drain             | --drain: needs --for
          start --port 70000       | --port: 70000 is not within 0 to 65535
          start --port web         | 'web' is not an int
          send --source gateway    | Missing required option: '--txn=ID'
          send --source x --txn 1  | --source: x is unknown; known: bank, core, gateway, mobile
          verify                   | holds no data to verify
          scenario                 | Missing required parameter: 'FILE|classics'
          scenario nowhere.yaml    | nowhere.yaml: cannot be read: java.nio.file.NoSuchFileException
          config                   | what is to be done? (config check)
          """)
  void wrongUsageIsOneLineAndAHint(String command, String line) {
    int code = command.strip().equals("config") ? run("config") : runIn(command);
    assertThat(code).isEqualTo(2);
    assertThat(err()).contains(line).contains("Try './tallystick");
    assertThat(err().lines()).hasSize(2);
    assertThat(out()).isEmpty();
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void aConfigurationIsCheckedWithoutServers() throws IOException {
    assertThat(run("config", "check", "--json")).isZero();
    JsonNode line = new JsonMapper().readTree(out());
    assertThat(line.path("event").asText()).isEqualTo("result");
    assertThat(line.path("command").asText()).isEqualTo("config check");
    assertThat(line.path("ok").asBoolean()).isTrue();
  }

  @Test
  void aWrongConfigurationEndsWith78AndAProgramLearnsWhy() throws IOException {
    Path file = Files.writeString(directory.resolve("own.yaml"), "http: {port: x}\n");
    assertThat(run("config", "check", "--json", "--config", file.toString())).isEqualTo(78);
    JsonNode line = new JsonMapper().readTree(out());
    assertThat(line.path("ok").asBoolean(true)).isFalse();
    assertThat(line.path("error").asText()).isEqualTo(file + ":1:8: port: x is not an integer");
    assertThat(err()).isEqualTo("tallystick: " + file + ":1:8: port: x is not an integer\n");
  }

  @Test
  void anUnknownRuleIsRefusedWithItsPlace() throws IOException {
    Path definitions = Files.createDirectories(directory.resolve("definitions"));
    String settlement = Files.readString(Path.of("../config/reconciliations/settlement.yaml"));
    Files.writeString(
        definitions.resolve("settlement.yaml"), settlement.replace("type: AMOUNT", "type: WEIGHT"));
    Path file = Files.writeString(directory.resolve("own.yaml"), "reconciliations: definitions\n");
    assertThat(run("config", "check", "--config", file.toString())).isEqualTo(78);
    assertThat(err()).contains("settlement.yaml:18:20: type: WEIGHT is not one of");
    assertThat(err().lines()).hasSize(1);
  }

  @Test
  void openIngestionIsForThisMachineOnly() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("own.yaml"), "http: {host: 0.0.0.0, open-ingest: true}\n");
    assertThat(runIn("start --config " + file)).isEqualTo(78);
    assertThat(err()).contains("http.open-ingest").contains("0.0.0.0");
  }

  @Test
  void aScenarioThatIsNoneIsNamedWithItsPlace() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("s.yaml"),
            "name: n\nreconciliation: settlement\nsteps:\n  - wait_ms: 1s\n  - wait: 1\n");
    assertThat(runIn("scenario " + file)).isEqualTo(2);
    assertThat(err())
        .startsWith(
            "tallystick: %s:4:5: /steps/0/wait_ms: 1s is not an integer (and 1 more)\n"
                .formatted(file));
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void freshErasesNothingThatIsNotOurs() throws IOException {
    Path kafka = Files.createDirectories(directory.resolve("data").resolve("kafka"));
    Path precious = Files.writeString(kafka.resolve("precious"), "x");
    assertThat(runIn("demo --fresh")).isEqualTo(2);
    assertThat(err()).contains("is not a data directory of Tallystick");
    assertThat(precious).exists();
  }
}
