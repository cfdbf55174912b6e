package dev.tallystick.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server on the loopback interface, durable as shipped: fsync, synchronous commit and
 * full-page writes are on.
 *
 * <p>Only the programs come from the library. Its own launcher trusts everybody on the loopback
 * interface, turns fsync off, and keeps the server in our session, where Ctrl-C would end it before
 * the engine has drained; {@code pg_ctl} gives it a session of its own.
 *
 * <p>One role, {@value #USER}, may log in, with a random password (SCRAM) kept in {@code password},
 * mode 600. It owns the database {@value #DATABASE}, may create others, see all statistics and
 * force a checkpoint. The superuser can't log in at all.
 *
 * <p>Run by root, who PostgreSQL refuses to serve, all programs run in a user namespace of their
 * own ({@code unshare -U}); files stay root's.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
  static final String DATABASE = "tallystick";
  static final String USER = "tallystick";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresServer.class);

  /** Long enough for the recovery of what {@code max_wal_size} allows to pile up. */
  private static final Duration START = Duration.ofSeconds(60);

  private static final Duration STOP = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;
  private static final int PASSWORD_BYTES = 24;
  private static final long SERVER_LOG_MAX_BYTES = 16 * 1024 * 1024;

  private final DirectoryLock lock;
  private final Cluster cluster;
  private final int port;
  private final long pid;
  private final String password;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedPostgresServer(
      DirectoryLock lock, Cluster cluster, int port, long pid, String password) {
    this.lock = lock;
    this.cluster = cluster;
    this.port = port;
    this.pid = pid;
    this.password = password;
  }

  /** Starts on a free port. */
  public static EmbeddedPostgresServer start(Path directory) {
    return start(directory, 0);
  }

  /**
   * Starts on the data of {@code directory} and returns when the server takes connections. A server
   * that a killed run left there is stopped first.
   *
   * @param port 0 for a free one
   * @throws EmbeddedUnavailable if the directory or the port is taken, or the server does not start
   *     in 60 s
   */
  public static EmbeddedPostgresServer start(Path directory, int port) {
    var lock = DirectoryLock.acquire(directory);
    boolean started = false;
    try {
      sweep(lock.directory());
      var programs = Programs.inTurn(() -> PostgresBinaries.unpacked(lock.directory()));
      var cluster = new Cluster(lock.directory(), programs.resolve("bin"));
      var password = cluster.prepare();
      var server = launch(lock, cluster, port, password);
      started = true;
      return server;
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "PostgreSQL did not start in " + directory + ": " + e.getMessage(), e);
    } finally {
      if (!started) {
        abandon(lock);
      }
    }
  }

  private static void abandon(DirectoryLock lock) {
    try (lock) {
      Polling.shielded(() -> sweep(lock.directory()));
    } catch (IOException e) {
      log.warn("PostgreSQL in {} could not be stopped", lock.directory(), e);
    }
  }

  /**
   * Ends what a killed run left. A server is told to stop fast, that is to disconnect its clients
   * (SIGTERM, all that Java can send, would wait for them): with all of a directory's processes
   * gone, a pid file left there is a lie.
   */
  static void sweep(Path realDirectory) throws IOException {
    var processes = processesOf(realDirectory);
    var cluster = new Cluster(realDirectory, realDirectory);
    var orphan = cluster.recordedPid().flatMap(processes::find);
    if (orphan.isPresent()) {
      var server = orphan.get();
      log.info(
          "stopping PostgreSQL (process {}) left in {} by a run that was killed",
          server.pid(),
          realDirectory);
      var bin = Optional.ofNullable(Path.of(server.info().command().orElse("")).getParent());
      if (bin.isPresent() && Files.isExecutable(bin.get().resolve("pg_ctl"))) {
        new Cluster(realDirectory, bin.get()).stop();
      }
    }
    processes.sweep();
    Files.deleteIfExists(cluster.pidFile());
  }

  private static OwnProcesses processesOf(Path realDirectory) {
    return new OwnProcesses(realDirectory, Set.of("postgres", "initdb", "pg_ctl"));
  }

  public String host() {
    return Ports.LOOPBACK;
  }

  public int port() {
    return port;
  }

  public String database() {
    return DATABASE;
  }

  public String user() {
    return USER;
  }

  public String password() {
    return password;
  }

  /** Of the postmaster; its children do the work. */
  public long pid() {
    return pid;
  }

  /**
   * Disconnects all clients and stops with a checkpoint, so that the next start recovers nothing; a
   * second call does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (lock) {
      Polling.shielded(
          () -> {
            cluster.stop();
            processesOf(lock.directory()).sweep();
          });
    } catch (IOException e) {
      log.warn("PostgreSQL (process {}) did not stop cleanly", pid, e);
    }
  }

  private static EmbeddedPostgresServer launch(
      DirectoryLock lock, Cluster cluster, int wanted, String password) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = Ports.choose(wanted, "PostgreSQL");
      try {
        cluster.start(port);
      } catch (IOException e) {
        sweep(lock.directory());
        if (wanted != 0 || attempt == ATTEMPTS || !Ports.isTaken(port)) {
          throw e;
        }
        continue;
      }
      long pid =
          cluster
              .recordedPid()
              .orElseThrow(() -> new IOException("it started and was gone at once"));
      return new EmbeddedPostgresServer(lock, cluster, port, pid, password);
    }
  }

  /** The data of one server and the programs that work on it. */
  private record Cluster(Path directory, Path bin) {

    Path data() {
      return directory.resolve("data");
    }

    Path pidFile() {
      return data().resolve("postmaster.pid");
    }

    private Path passwordFile() {
      return directory.resolve("password");
    }

    private Path serverLog() {
      return directory.resolve("server.log");
    }

    Optional<Long> recordedPid() throws IOException {
      if (!Files.exists(pidFile())) {
        return Optional.empty();
      }
      return Files.readAllLines(pidFile()).stream()
          .findFirst()
          .map(String::strip)
          .filter(l -> l.matches("\\d{1,18}"))
          .map(Long::valueOf);
    }

    /** Makes the database where there is none, and returns the password. */
    String prepare() throws IOException {
      if (Files.exists(data())) {
        return Files.exists(passwordFile())
            ? Files.readString(passwordFile()).strip()
            : replacePassword();
      }
      var fresh = directory.resolve("data.new");
      PostgresBinaries.delete(fresh);
      // The locale is PostgreSQL's own C.UTF-8: it sorts alike everywhere, also where the C library
      // has no such locale.
      run(
          List.of(
              program("initdb"),
              "--pgdata=" + fresh,
              "--username=postgres",
              "--encoding=UTF8",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--locale=C",
              "--auth=reject",
              "--no-instructions"),
          "");
      Files.writeString(
          fresh.resolve("pg_hba.conf"),
          "host all " + USER + " " + Ports.LOOPBACK + "/32 scram-sha-256\n");
      var password = newPassword();
      alone(
          fresh,
          """
          CREATE ROLE %1$s LOGIN CREATEDB PASSWORD '%2$s';
          GRANT pg_monitor, pg_checkpoint TO %1$s;
          CREATE DATABASE %3$s OWNER %1$s;
          """
              .formatted(USER, password, DATABASE));
      // Last, and at once: a run killed before this line starts again from nothing.
      Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
      return password;
    }

    private String replacePassword() throws IOException {
      var password = newPassword();
      alone(data(), "ALTER ROLE " + USER + " PASSWORD '" + password + "';\n");
      log.info("the password file of {} was gone: the role has a new password", directory);
      return password;
    }

    private String newPassword() throws IOException {
      var bytes = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(bytes);
      var password = HexFormat.of().formatHex(bytes);
      Files.deleteIfExists(passwordFile());
      Files.createFile(
          passwordFile(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile(), password + "\n");
      return password;
    }

    /**
     * Runs statements, one a line, in a server that listens to nobody. It reports failures in its
     * output only.
     */
    private void alone(Path data, String statements) throws IOException {
      // Without log_min_error_statement, a failed statement would be logged with its password.
      var output =
          run(
              List.of(
                  program("postgres"),
                  "--single",
                  "-D",
                  data.toString(),
                  "-clog_min_messages=error",
                  "-clog_min_error_statement=panic",
                  "postgres"),
              statements);
      var complaint = complaint(output);
      if (complaint.isPresent()) {
        throw new IOException(complaint.get());
      }
    }

    void start(int port) throws IOException {
      Files.writeString(
          data().resolve("postgresql.conf"),
          """
          # Written at every start; changes here are lost. ALTER SYSTEM works and stays.
          listen_addresses = '%s'
          port = %d
          unix_socket_directories = ''
          max_connections = 100
          password_encryption = 'scram-sha-256'
          timezone = 'UTC'
          log_timezone = 'UTC'
          lc_messages = 'C'
          log_checkpoints = off

          # Two cores, many small transactions. No wal_compression: the programs were built
          # without lz4, and pglz costs more than the bytes are worth.
          shared_buffers = '256MB'
          max_wal_size = '4GB'
          jit = off
          """
              .formatted(Ports.LOOPBACK, port));
      if (Files.exists(serverLog()) && Files.size(serverLog()) > SERVER_LOG_MAX_BYTES) {
        Files.move(
            serverLog(), directory.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      long logged = Files.exists(serverLog()) ? Files.size(serverLog()) : 0;
      try {
        run(control("start", START, "-l", serverLog().toString()), "");
      } catch (IOException e) {
        throw new IOException(
            complaint(since(logged)).orElse(e.getMessage()) + ", see " + serverLog(), e);
      }
    }

    /** Fast first; then at once, which costs the next start a recovery and loses nothing. */
    void stop() throws IOException {
      try {
        run(control("stop", STOP, "-m", "fast"), "");
      } catch (IOException e) {
        if (recordedPid().flatMap(processesOf(directory)::find).isPresent()) {
          log.warn(
              "PostgreSQL in {} did not stop in {} s; stopping it at once",
              directory,
              STOP.toSeconds(),
              e);
          run(control("stop", STOP, "-m", "immediate"), "");
        }
      }
    }

    private List<String> control(String action, Duration wait, String... options) {
      var command =
          new ArrayList<>(List.of(program("pg_ctl"), action, "-D", data().toString(), "-w", "-s"));
      command.addAll(List.of("-t", Long.toString(wait.toSeconds())));
      command.addAll(List.of(options));
      return command;
    }

    private String program(String name) {
      return bin.resolve(name).toString();
    }

    private String since(long offset) throws IOException {
      if (!Files.exists(serverLog())) {
        return "";
      }
      try (var in = Files.newInputStream(serverLog())) {
        in.skipNBytes(offset);
        return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      }
    }

    private static Optional<String> complaint(String output) {
      return output
          .lines()
          .filter(l -> l.contains("FATAL:") || l.contains("PANIC:") || l.contains("ERROR:"))
          .findFirst();
    }

    /**
     * Runs a program to its end and returns what it printed.
     *
     * @throws IOException if it fails or takes too long, with the last line it printed
     */
    private String run(List<String> program, String input) throws IOException {
      var command = new ArrayList<String>();
      if (Programs.inTurn(LinuxUtils::isUnshareAvailable)) { // forks to find out
        command.addAll(List.of("unshare", "-U"));
      }
      command.addAll(program);
      // Files, not pipes: nobody has to read them at the right time, and a server that is started
      // must not inherit a pipe.
      var out = Files.createTempFile(directory, "run-", ".log");
      var in = Files.createTempFile(directory, "run-", ".in");
      try {
        Files.writeString(in, input);
        var builder =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile());
        builder
            .environment()
            .keySet()
            .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        var process = Programs.start(builder);
        boolean ended = process.waitFor(START.plus(STOP).toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
          throw new IOException(program.getFirst() + " takes too long");
        }
        var output = Files.readString(out);
        if (process.exitValue() != 0) {
          throw new IOException(reason(program, output, process.exitValue()));
        }
        return output;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddedUnavailable(
            "interrupted while PostgreSQL was being started or stopped", e);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(in);
      }
    }

    private static String reason(List<String> program, String output, int status) {
      if (output.contains("cannot be run as root")) {
        return "PostgreSQL refuses root, and this system lets root have no user namespace (unshare"
            + " -U); run it as another user";
      }
      return output
          .lines()
          .filter(l -> !l.isBlank())
          .reduce((_, last) -> last)
          .orElse(program.getFirst() + " ended with " + status);
    }
  }
}
