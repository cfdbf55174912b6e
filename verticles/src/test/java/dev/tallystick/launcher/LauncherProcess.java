package dev.tallystick.launcher;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The program in a process of its own, as a user starts it. */
final class LauncherProcess implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path out;
  private final Path err;

  private LauncherProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code command --json}; its output goes to new files in {@code directory}. */
  static LauncherProcess start(Path directory, Map<String, String> variables, String... command)
      throws IOException {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Tallystick.class.getName()));
    line.addAll(List.of(command));
    line.add("--json");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TALLYSTICK_"));
    builder.environment().putAll(variables);
    return new LauncherProcess(builder.start(), out, err);
  }

  /** Waits for that event on stdout. */
  JsonNode event(String name) {
    await(name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !process.isAlive() || find(name) != null);
    JsonNode found = find(name);
    if (found == null) {
      throw new AssertionError("ended without " + name + ": " + out() + err());
    }
    return found;
  }

  private @Nullable JsonNode find(String name) {
    for (String line : out().split("\n", -1)) {
      if (line.startsWith("{\"event\":\"" + name + "\"") && line.endsWith("}")) {
        return json(line);
      }
    }
    return null;
  }

  /** The last line of stdout. */
  JsonNode last() {
    return json(out().lines().reduce((a, b) -> b).orElse("null"));
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Processes that work below that directory. Servers have sessions of their own, so that they are
   * no descendants; where they work says whose they are.
   */
  static List<ProcessHandle> workingIn(Path directory) throws IOException {
    Path real = directory.toRealPath();
    return ProcessHandle.allProcesses().filter(each -> worksIn(each, real)).toList();
  }

  private static boolean worksIn(ProcessHandle each, Path directory) {
    try {
      return Path.of("/proc", Long.toString(each.pid()), "cwd").toRealPath().startsWith(directory);
    } catch (IOException e) {
      return false; // it has just ended, or is not ours to look at
    }
  }

  /** TERM. */
  void terminate() {
    process.destroy();
  }

  /** KILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** The exit code. */
  int exit(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + atMost + ": " + out() + err());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
