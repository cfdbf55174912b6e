package dev.tallystick;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A browser as far as the bridge can tell: the real {@code @vertx/eventbus-bridge-client.js} in a
 * Node process of its own, told by lines what to do ({@code src/test/node/client.js}).
 */
public final class NodeClient implements AutoCloseable {

  private static final Path SOURCE = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node-client");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", ".npmrc", "client.js");
  private static final long INSTALL_MAX_SECONDS = 180;

  private final Process process;
  private final PrintWriter commands;
  private final List<JsonObject> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private NodeClient(Process process, Consumer<JsonObject> received) {
    this.process = process;
    this.commands =
        new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8); // flushes
    this.reader = Thread.ofPlatform().name("node-client").start(() -> read(received));
  }

  /** A client of {@code http://host:port/eventbus}; connects by itself. */
  public static NodeClient open(String url) {
    return open(url, message -> {});
  }

  /**
   * @param received called on the reading thread for each message, before the next is read: {@code
   *     {"event":"rec","address","body"}}; not for an empty body, which is noted as a {@code probe}
   */
  public static NodeClient open(String url, Consumer<JsonObject> received) {
    install();
    try {
      return new NodeClient(
          new ProcessBuilder("node", "client.js", url)
              .directory(INSTALLED.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start(),
          received);
    } catch (IOException e) {
      throw new UncheckedIOException("node (20 or newer) is needed for this test", e);
    }
  }

  /** Once per build directory: what the lock file says, from the registry or npm's cache. */
  private static synchronized void install() {
    Path lock = INSTALLED.resolve("node_modules/.package-lock.json");
    try {
      Files.createDirectories(INSTALLED);
      boolean installed = Files.exists(lock);
      for (String file : FILES) {
        byte[] wanted = Files.readAllBytes(SOURCE.resolve(file));
        Path there = INSTALLED.resolve(file);
        boolean same = Files.exists(there) && Arrays.equals(wanted, Files.readAllBytes(there));
        installed &= same || !file.startsWith("package");
        Files.write(there, wanted);
      }
      if (installed) {
        return;
      }
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
              .directory(INSTALLED.toFile())
              .redirectErrorStream(true)
              .redirectOutput(INSTALLED.resolve("npm.log").toFile())
              .start();
      if (!npm.waitFor(INSTALL_MAX_SECONDS, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
      }
      if (npm.waitFor() != 0) {
        throw new IllegalStateException(
            "npm ci failed: " + Files.readString(INSTALLED.resolve("npm.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("npm is needed for this test", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("npm ci: interrupted", e);
    }
  }

  private void read(Consumer<JsonObject> received) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonObject message = new JsonObject(line);
        if ("rec".equals(message.getString("event"))) {
          if (message.getValue("body") instanceof JsonObject body && body.isEmpty()) {
            message.put("event", "probe");
          } else {
            received.accept(message);
          }
        }
        lines.add(message);
      }
    } catch (IOException e) {
      lines.add(new JsonObject().put("event", "broken").put("body", e.getMessage()));
    }
  }

  /** One line of {@code client.js}: {@code register ADDRESS}, {@code send ADDRESS}, … */
  public NodeClient say(String command) {
    commands.println(command);
    return this;
  }

  /** Everything printed so far. */
  public List<JsonObject> lines() {
    return lines;
  }

  /**
   * Lines of one kind so far: {@code open}, {@code close}, {@code rec}, {@code probe}, {@code err}.
   */
  public List<JsonObject> lines(String event) {
    return lines.stream().filter(line -> event.equals(line.getString("event"))).toList();
  }

  /** Whether a probe has come on that address: the subscription is there. */
  public boolean hears(String address) {
    return lines("probe").stream().anyMatch(line -> address.equals(line.getString("address")));
  }

  /** Bodies of {@code rec} lines of an address so far. */
  public List<JsonObject> bodies(String address) {
    return lines("rec").stream()
        .filter(line -> address.equals(line.getString("address")))
        .map(line -> line.getJsonObject("body"))
        .toList();
  }

  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
