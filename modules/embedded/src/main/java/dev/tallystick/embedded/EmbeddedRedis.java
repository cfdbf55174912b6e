package dev.tallystick.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisExecProvider;

/**
 * A Redis process on the loopback interface with an append-only file, flushed once a second: a
 * killed machine may lose the last second, a killed process nothing.
 *
 * <p>Only the binary comes from the library. Its launcher registers a shutdown hook per server and
 * keeps the process in our session, where Ctrl-C would end Redis before the engine; here Redis
 * makes itself a daemon.
 *
 * <p>Memory ends at {@value #MEMORY_MAX_MB} MB; then keys that expire are dropped, those nearest
 * their end first. No password: the loopback interface only.
 */
public final class EmbeddedRedis implements AutoCloseable {
  static final int MEMORY_MAX_MB = 512;

  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String BINARY = "redis-server";
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;
  private static final long POLL_MS = 10;

  private final DirectoryLock lock;
  private final OwnProcesses processes;
  private final ProcessHandle process;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedRedis(
      DirectoryLock lock, OwnProcesses processes, ProcessHandle process, int port) {
    this.lock = lock;
    this.processes = processes;
    this.process = process;
    this.port = port;
  }

  /** Starts on a free port. */
  public static EmbeddedRedis start(Path directory) {
    return start(directory, 0);
  }

  /**
   * Starts on the data of {@code directory} and returns when Redis answers.
   *
   * @param port 0 for a free one
   * @throws EmbeddedUnavailable if the directory or the port is taken, or Redis does not answer in
   *     30 s
   */
  public static EmbeddedRedis start(Path directory, int port) {
    var lock = DirectoryLock.acquire(directory);
    boolean started = false;
    try {
      var processes = processesOf(lock.directory());
      processes.sweep();
      var redis = launch(lock, processes, port);
      started = true;
      return redis;
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "Redis did not start in " + directory + ": " + e.getMessage(), e);
    } finally {
      if (!started) {
        abandon(lock);
      }
    }
  }

  private static void abandon(DirectoryLock lock) {
    try (lock) {
      Polling.shielded(() -> processesOf(lock.directory()).sweep());
    } catch (IOException e) {
      log.warn("Redis in {} could not be stopped", lock.directory(), e);
    }
  }

  static OwnProcesses processesOf(Path realDirectory) {
    return new OwnProcesses(realDirectory, Set.of(BINARY));
  }

  public int port() {
    return port;
  }

  /** {@code redis://127.0.0.1:port} */
  public String url() {
    return "redis://" + Ports.LOOPBACK + ":" + port;
  }

  public long pid() {
    return process.pid();
  }

  /** Flushes and stops Redis; a second call does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (lock) {
      Polling.shielded(this::stop);
    } catch (IOException e) {
      log.warn("Redis (process {}) did not stop cleanly", process.pid(), e);
    }
  }

  private void stop() throws IOException {
    process.destroy();
    if (!processes.awaitGone(process, STOP)) {
      log.warn(
          "Redis (process {}) did not stop in {} s; killing it", process.pid(), STOP.toSeconds());
      process.destroyForcibly();
      processes.awaitGone(process, STOP);
    }
  }

  private static EmbeddedRedis launch(DirectoryLock lock, OwnProcesses processes, int wanted)
      throws IOException {
    var directory = lock.directory();
    var binary = Programs.inTurn(() -> binary(directory));
    for (int attempt = 1; ; attempt++) {
      int port = Ports.choose(wanted, "Redis");
      var serverLog = directory.resolve("server.log");
      Files.deleteIfExists(directory.resolve("redis.pid"));
      Files.deleteIfExists(serverLog);
      var launcher =
          Programs.start(
              new ProcessBuilder(binary.toString(), configuration(directory, port).toString())
                  .redirectErrorStream(true)
                  .redirectOutput(directory.resolve("launch.log").toFile()));
      var process =
          Polling.until(START, POLL_MS, () -> ready(directory, processes, launcher, port));
      if (process != null && processes.find(process.pid()).isPresent()) {
        return new EmbeddedRedis(lock, processes, process, port);
      }
      processes.sweep();
      if (wanted != 0 || attempt == ATTEMPTS || !Ports.isTaken(port)) {
        throw new IOException("no answer on port " + port + ", see " + serverLog);
      }
    }
  }

  /** The daemon once it answers; the launcher itself when it has failed, which ends the waiting. */
  private static @Nullable ProcessHandle ready(
      Path directory, OwnProcesses processes, Process launcher, int port) throws IOException {
    if (!launcher.isAlive() && processes.all().isEmpty()) {
      return launcher.toHandle();
    }
    var pidFile = directory.resolve("redis.pid");
    if (!Files.exists(pidFile)) {
      return null;
    }
    var pid = Files.readString(pidFile).strip();
    return pid.isEmpty() || !answers(port)
        ? null
        : processes.find(Long.parseLong(pid)).orElse(null);
  }

  /** Whether a PING is answered with PONG; while Redis reads its file it answers LOADING. */
  private static boolean answers(int port) {
    try (var socket = new Socket()) {
      int timeoutMs = (int) TimeUnit.SECONDS.toMillis(1);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(Ports.LOOPBACK), port), timeoutMs);
      socket.setSoTimeout(timeoutMs);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII)
          .equals("+PONG");
    } catch (IOException _) {
      return false;
    }
  }

  private static Path configuration(Path directory, int port) throws IOException {
    var file = directory.resolve("redis.conf");
    Files.writeString(
        file,
        """
        # Written at every start; changes here are lost.
        bind %s
        port %d
        daemonize yes
        pidfile "%s"
        logfile "%s"
        dir "%s"
        appendonly yes
        appendfsync everysec
        save ""
        maxmemory %dmb
        maxmemory-policy volatile-ttl
        """
            .formatted(
                Ports.LOOPBACK,
                port,
                quoted(directory.resolve("redis.pid")),
                quoted(directory.resolve("server.log")),
                quoted(directory),
                MEMORY_MAX_MB));
    return file;
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /**
   * Our own copy in the directory: that is how a process is known to be ours (see {@link
   * OwnProcesses}).
   */
  private static Path binary(Path directory) throws IOException {
    var version = directory.resolve("dist-" + RedisExecProvider.redisVersion);
    var binary = version.resolve(BINARY);
    if (!Files.exists(binary)) {
      Files.createDirectories(version);
      var resource = "redis-server-" + RedisExecProvider.redisVersion + "-" + platform();
      var part = version.resolve(BINARY + ".part");
      try (InputStream in =
          RedisExecProvider.class.getClassLoader().getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("there is no Redis for this machine (" + resource + ")");
        }
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!part.toFile().setExecutable(true)) {
        throw new IOException(part + " can't be made executable");
      }
      Files.move(part, binary, StandardCopyOption.ATOMIC_MOVE);
    }
    return binary;
  }

  private static String platform() {
    var os =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")
            ? "darwin"
            : "linux";
    var arch = System.getProperty("os.arch", "");
    return os + "-" + (arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch);
  }
}
