package dev.tallystick.embedded;

import dev.tallystick.embedded.fault.TcpFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka, PostgreSQL and Redis on one data directory, as one thing that starts and stops.
 *
 * <p>The directory belongs to one process; its lock is {@code tallystick.lock} in it. Who starts
 * also closes, after all that uses the servers has drained: nothing here listens to signals.
 */
public final class EmbeddedServices implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedServices.class);

  private final DirectoryLock lock;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private final EmbeddedPostgresServer postgres;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedServices(
      DirectoryLock lock,
      EmbeddedKafka kafka,
      EmbeddedRedis redis,
      EmbeddedPostgresServer postgres) {
    this.lock = lock;
    this.kafka = kafka;
    this.redis = redis;
    this.postgres = postgres;
  }

  /**
   * Starts all three at the same time, on free ports, and returns when all of them serve. Where one
   * does not start, the others are stopped again. An interrupt has the same effect: that is how a
   * caller told to stop while it waits here gets out with nothing left running.
   *
   * @param kafkaProxies see {@link EmbeddedKafka#start(Path, int, TcpFault...)}
   * @throws EmbeddedUnavailable with one line that says why
   */
  public static EmbeddedServices start(Path dataDir, TcpFault... kafkaProxies) {
    var lock = DirectoryLock.acquire(dataDir);
    boolean started = false;
    try {
      var directory = lock.directory();
      var kafka =
          new Starting<>(
              "embedded-kafka",
              () -> EmbeddedKafka.start(directory.resolve("kafka"), 0, kafkaProxies));
      var postgres =
          new Starting<>(
              "embedded-postgres",
              () -> EmbeddedPostgresServer.start(directory.resolve("postgres")));
      var redis =
          new Starting<>("embedded-redis", () -> EmbeddedRedis.start(directory.resolve("redis")));
      var failure = firstOf(firstOf(kafka.await(), postgres.await()), redis.await());
      if (failure == null) {
        started = true;
        var services =
            new EmbeddedServices(lock, kafka.server(), redis.server(), postgres.server());
        log.info("embedded servers in {}: {}", directory, services.addresses());
        return services;
      }
      // Kafka's own shutdown waits for its threads; an interrupt of ours must not spoil that.
      Polling.shielded(
          () -> {
            kafka.undo();
            redis.undo();
            postgres.undo();
          });
      throw failure;
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  /**
   * Deletes all data of the servers, for a start from nothing; other files in the directory stay.
   * What a killed run left running there is stopped first.
   *
   * @throws EmbeddedUnavailable if a living process owns the directory
   */
  public static void erase(Path dataDir) {
    try (var lock = DirectoryLock.acquire(dataDir)) {
      for (var name : new String[] {"kafka", "redis", "postgres"}) {
        var directory = lock.directory().resolve(name);
        // Servers may have been started one by one: their directories have owners of their own.
        DirectoryLock.acquire(directory).close();
        EmbeddedRedis.processesOf(directory).sweep();
        EmbeddedPostgresServer.sweep(directory);
        PostgresBinaries.delete(directory);
      }
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "data in " + dataDir + " can't be deleted: " + e.getMessage(), e);
    }
  }

  public Addresses addresses() {
    return new Addresses(
        kafka.bootstrap(),
        postgres.host(),
        postgres.port(),
        postgres.database(),
        postgres.user(),
        postgres.password(),
        redis.url());
  }

  /** Process of the PostgreSQL postmaster. */
  public long postgresPid() {
    return postgres.pid();
  }

  public long redisPid() {
    return redis.pid();
  }

  /**
   * Stops ingestion first and what is to remember last: Kafka, Redis, PostgreSQL; a second call
   * does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (lock;
        postgres;
        redis;
        kafka) {
      log.info("stopping the embedded servers in {}", lock.directory());
    }
  }

  private static @Nullable EmbeddedUnavailable firstOf(
      @Nullable EmbeddedUnavailable a, @Nullable EmbeddedUnavailable b) {
    if (a != null && b != null) {
      a.addSuppressed(b);
    }
    return a != null ? a : b;
  }

  /** One server that starts on a thread of its own. */
  private static final class Starting<S extends AutoCloseable> {
    private final String name;
    private final FutureTask<S> task;
    private final Thread thread;

    Starting(String name, Supplier<S> start) {
      this.name = name;
      this.task = new FutureTask<>(start::get);
      this.thread = Thread.ofPlatform().name(name).start(task);
    }

    /**
     * Why it failed, or null once it serves. An interrupt is kept, passed on, and waited out: a
     * half-started server is nobody's.
     */
    @Nullable EmbeddedUnavailable await() {
      boolean interrupted = false;
      @Nullable Throwable cause = null;
      for (boolean ended = false; !ended; ) {
        try {
          var _ = task.get();
          ended = true;
        } catch (InterruptedException _) {
          interrupted = true;
          thread.interrupt();
        } catch (ExecutionException e) {
          cause = e.getCause();
          ended = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
        return new EmbeddedUnavailable("interrupted while starting the embedded servers", cause);
      }
      return switch (cause) {
        case null -> null;
        case EmbeddedUnavailable known -> known;
        default -> new EmbeddedUnavailable(name + " failed: " + cause, cause);
      };
    }

    S server() {
      return task.resultNow();
    }

    void undo() {
      if (task.state() != FutureTask.State.SUCCESS) {
        return;
      }
      try {
        server().close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly", name, e);
      }
    }
  }
}
