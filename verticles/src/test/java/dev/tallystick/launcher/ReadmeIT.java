package dev.tallystick.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's curl lines, as they stand, on a running demo; only the port is the test's own. */
class ReadmeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path directory;

  @Test
  void theCurlLinesDoWhatIsSaidOfThem() throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("../README.md")).stream()
            .filter(line -> line.startsWith("    ") && line.contains("curl "))
            .map(String::strip)
            .toList();
    assertThat(lines).as("two for TXN1001, one each for the others, and three looks").hasSize(7);
    try (LauncherProcess demo =
        LauncherProcess.start(
            directory,
            Map.of(),
            "demo",
            "--port",
            "0",
            "--rate",
            "5",
            "--data",
            directory.resolve("data").toString())) {
      String place = URI.create(demo.event("ready").path("http").asText()).getAuthority();
      for (String line : lines) {
        assertThat(curl(line, place).toString()).as(line).doesNotContain("urn:tallystick:error");
      }
      String look = "curl -s localhost:8000/txns/";
      await()
          .atMost(PATIENCE)
          .until(() -> curl(look + "TXN1001", place).path("state").asText().equals("MATCHED"));
      await()
          .atMost(PATIENCE)
          .until(() -> curl(look + "TXN1002", place).path("label").asText().equals("BANK_MISSING"));
      JsonNode wrong = curl("curl -s localhost:8000/transactions/TXN1003", place);
      assertThat(wrong.path("label").asText()).isEqualTo("AMOUNT_MISMATCH");
      JsonNode mismatch = wrong.path("mismatches").path(0);
      assertThat(mismatch.path("expected").asLong()).isEqualTo(5_000);
      assertThat(mismatch.path("actual").asLong()).isEqualTo(4_500);
      assertThat(mismatch.path("delta").asLong()).isEqualTo(-500);
    }
  }

  private static JsonNode curl(String line, String place) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", line.replace("localhost:8000", place))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(line).isZero();
    return new JsonMapper().readTree(answer);
  }
}
