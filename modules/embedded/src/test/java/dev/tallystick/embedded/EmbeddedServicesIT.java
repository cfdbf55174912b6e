package dev.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServicesIT {
  @TempDir Path dir;

  /** After each test, whatever it did: nothing of ours is left running. */
  @AfterEach
  void noOrphans() throws Exception {
    var ours =
        new OwnProcesses(dir.toRealPath(), Set.of("postgres", "initdb", "pg_ctl", "redis-server"));
    assertThat(ours.all()).isEmpty();
  }

  @Test
  @SuppressWarnings("try") // closing early and repeatedly is what is tested
  void keepsEverythingOverARestart() throws Exception {
    var stdout = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (var services = timed("first start", () -> EmbeddedServices.start(dir))) {
      new Witness(services.addresses()).leave("before");
    } finally {
      System.setOut(stdout);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .as("standard output belongs to the caller")
        .isEmpty();
    assertThat(dir.resolve("kafka/.kafka_cleanshutdown"))
        .as("Kafka flushed and needs no recovery")
        .exists();
    assertThat(dir.resolve("postgres/data/postmaster.pid")).doesNotExist();

    try (var services = timed("restart", () -> EmbeddedServices.start(dir))) {
      var witness = new Witness(services.addresses());
      assertThat(witness.inKafka(1)).containsExactly("before");
      assertThat(witness.inPostgres()).containsExactly("before");
      assertThat(witness.inRedis("before")).isTrue();
      witness.leave("after");
      assertThat(witness.inKafka(2)).containsExactly("before", "after");
      var closing = System.nanoTime();
      services.close();
      report("close", closing);
      services.close(); // a second time, and a third by try
    }
  }

  @Test
  void databaseIsDurableAndClosedToStrangers() throws Exception {
    try (var postgres = EmbeddedPostgresServer.start(dir)) {
      var witness =
          new Witness(
              new Addresses(
                  "",
                  postgres.host(),
                  postgres.port(),
                  postgres.database(),
                  postgres.user(),
                  postgres.password(),
                  ""));
      assertThat(witness.setting("fsync")).isEqualTo("on");
      assertThat(witness.setting("synchronous_commit")).isEqualTo("on");
      assertThat(witness.setting("full_page_writes")).isEqualTo("on");
      assertThat(witness.setting("server_encoding")).isEqualTo("UTF8");
      assertThat(witness.setting("shared_buffers")).isEqualTo("256MB");
      assertThat(witness.setting("max_wal_size")).isEqualTo("4GB");
      try (var connection = witness.connect();
          var statement = connection.createStatement()) {
        var locale =
            statement.executeQuery(
                "select datlocale from pg_database where datname = current_database()");
        assertThat(locale.next()).isTrue();
        assertThat(locale.getString(1)).isEqualTo("C.UTF-8");
        statement.execute("checkpoint");
        statement.execute("create database scratch");
      }
      assertThatThrownBy(() -> witness.connect(postgres.user(), "wrong"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> witness.connect("postgres", "")).isInstanceOf(SQLException.class);
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("password"))))
          .isEqualTo("rw-------");
      assertThat(new Addresses("k", "h", 1, "d", "u", "hush", "r").toString())
          .doesNotContain("hush");
    }
    Files.delete(dir.resolve("password"));
    try (var postgres = EmbeddedPostgresServer.start(dir)) {
      var witness =
          new Witness(
              new Addresses(
                  "",
                  postgres.host(),
                  postgres.port(),
                  postgres.database(),
                  postgres.user(),
                  postgres.password(),
                  ""));
      assertThat(witness.setting("fsync")).as("a lost password is replaced").isEqualTo("on");
    }
  }

  @Test
  void killedRunLosesNothingAndLeavesNothing() throws Exception {
    var child = ServicesProcess.start(dir);
    new Witness(child.addresses()).leave("before");
    child.kill();

    try (var services = timed("start after kill -9", () -> EmbeddedServices.start(dir))) {
      var witness = new Witness(services.addresses());
      assertThat(witness.inPostgres()).containsExactly("before");
      assertThat(witness.inKafka(1)).containsExactly("before");
      assertThat(witness.inRedis("before")).isTrue();
      for (long pid : new long[] {child.pid(), child.postgresPid(), child.redisPid()}) {
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      }
      witness.leave("after");
    }
  }

  @Test
  void killedInTheMiddleOfItsFirstStart() throws Exception {
    var child = ServicesProcess.launch(dir);
    var postgres = dir.resolve("postgres");
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> Files.exists(postgres.resolve("data.new/base")));
    child.destroyForcibly();
    try (var services = EmbeddedServices.start(dir)) {
      new Witness(services.addresses()).leave("fresh");
    }
  }

  @Test
  void directoryBelongsToOneProcess() throws Exception {
    var child = ServicesProcess.start(dir);
    try {
      assertThatThrownBy(() -> EmbeddedServices.start(dir))
          .isInstanceOf(EmbeddedUnavailable.class)
          .hasMessage(
              "data directory "
                  + dir.toRealPath()
                  + " is in use by process "
                  + child.pid()
                  + "; stop it or choose another directory");
      assertThatThrownBy(() -> EmbeddedServices.erase(dir)).isInstanceOf(EmbeddedUnavailable.class);
      assertThat(new Witness(child.addresses()).setting("fsync"))
          .as("the owner goes on")
          .isEqualTo("on");
    } finally {
      child.kill();
    }
    EmbeddedServices.erase(dir);
    assertThat(dir.resolve("postgres")).doesNotExist();
  }

  @Test
  void oneThatCantStartStopsTheOthers() throws Exception {
    Files.createDirectories(dir.resolve("redis"));
    try (var _ = DirectoryLock.acquire(dir.resolve("redis"))) {
      assertThatThrownBy(() -> EmbeddedServices.start(dir))
          .isInstanceOf(EmbeddedUnavailable.class)
          .hasMessageContaining("redis is in use by process " + ProcessHandle.current().pid())
          .hasMessageNotContaining("\n");
      assertThat(new OwnProcesses(dir.toRealPath(), Set.of("postgres")).all()).isEmpty();
    }
    try (var services = EmbeddedServices.start(dir)) {
      new Witness(services.addresses()).leave("fresh");
    }
  }

  /** Repeated, for the moment at which {@code initdb} is interrupted decides what is left of it. */
  @RepeatedTest(3)
  void interruptedStartLeavesNothing() throws Exception {
    var outcome = new AtomicReference<Throwable>();
    var starter =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var _ = EmbeddedServices.start(dir)) {
                    outcome.set(new AssertionError("it started"));
                  } catch (EmbeddedUnavailable e) {
                    outcome.set(e);
                  }
                });
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> Files.exists(dir.resolve("postgres/data.new")));
    starter.interrupt();
    starter.join();
    assertThat(outcome.get())
        .isInstanceOf(EmbeddedUnavailable.class)
        .hasMessageContaining("interrupted");
  }

  @Test
  void takenPortIsNamed() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();
      for (var start :
          new Starter[] {
            EmbeddedKafka::start, EmbeddedPostgresServer::start, EmbeddedRedis::start
          }) {
        assertThatThrownBy(() -> start.start(dir, port))
            .isInstanceOf(EmbeddedUnavailable.class)
            .hasMessageContaining("port " + port)
            .hasMessageContaining("is taken");
      }
    }
  }

  @Test
  void brokenLogIsAFailureAndNotTheEndOfTheJvm() throws Exception {
    Files.createDirectories(dir.resolve("__cluster_metadata-0"));
    Files.writeString(
        dir.resolve("meta.properties"),
        "version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\nnode.id=7\n");
    assertThatThrownBy(() -> EmbeddedKafka.start(dir))
        .isInstanceOf(EmbeddedUnavailable.class)
        .hasMessageStartingWith("Kafka did not start in " + dir)
        .hasMessageContaining("7");
  }

  @FunctionalInterface
  private interface Starter {
    AutoCloseable start(Path directory, int port);
  }

  private static <T> T timed(String what, java.util.function.Supplier<T> action) {
    long start = System.nanoTime();
    var result = action.get();
    report(what, start);
    return result;
  }

  private static void report(String what, long startNanos) {
    System.err.println(
        what + ": " + Duration.ofNanos(System.nanoTime() - startNanos).toMillis() + " ms");
  }
}
