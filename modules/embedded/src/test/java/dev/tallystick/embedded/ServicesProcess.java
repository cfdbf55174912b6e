package dev.tallystick.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The embedded servers in a JVM of its own, there to be killed. */
final class ServicesProcess {
  private final Process process;
  private final List<String> ready;

  private ServicesProcess(Process process, List<String> ready) {
    this.process = process;
    this.ready = ready;
  }

  /** Returns when its servers serve. */
  static ServicesProcess start(Path dataDir) throws IOException {
    var process = launch(dataDir);
    var line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (line == null) {
      throw new IOException("the child ended before it was ready");
    }
    return new ServicesProcess(process, List.of(line.split(" ")));
  }

  /** Returns at once. */
  static Process launch(Path dataDir) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path").replace(";", File.pathSeparator),
            ServicesProcess.class.getName(),
            dataDir.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  Addresses addresses() {
    return new Addresses(
        ready.get(0),
        ready.get(1),
        Integer.parseInt(ready.get(2)),
        ready.get(3),
        ready.get(4),
        ready.get(5),
        ready.get(6));
  }

  long pid() {
    return process.pid();
  }

  long postgresPid() {
    return Long.parseLong(ready.get(7));
  }

  long redisPid() {
    return Long.parseLong(ready.get(8));
  }

  /**
   * kill -9. Does not wait for the end: whoever comes next must cope with a process that is still
   * dying.
   */
  void kill() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws InterruptedException {
    var services = EmbeddedServices.start(Path.of(args[0]));
    var at = services.addresses();
    System.out.printf(
        "%s %s %d %s %s %s %s %d %d%n",
        at.kafkaBootstrap(),
        at.postgresHost(),
        at.postgresPort(),
        at.database(),
        at.user(),
        at.password(),
        at.redisUrl(),
        services.postgresPid(),
        services.redisPid());
    Thread.currentThread().join();
  }
}
