package dev.tallystick.embedded;

import dev.tallystick.embedded.fault.TcpFault;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker that is its own controller (KRaft), in this JVM. It dies with the JVM and leaves
 * no process behind. Topics are never created by accident: who needs one creates it.
 *
 * <p>{@code KafkaRaftServer} is what Kafka's own {@code main} starts, yet not public API: the
 * version is pinned.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /**
   * Largest record batch the broker takes: a record of 4 MiB, and room for its headers and framing.
   */
  static final int MESSAGE_MAX_BYTES = 5 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final String DIRECT = "DIRECT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final int ATTEMPTS = 3;

  /** One start at a time: Kafka's exit procedure is one per JVM. */
  private static final ReentrantLock STARTING = new ReentrantLock();

  private final DirectoryLock lock;
  private final KafkaRaftServer server;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(DirectoryLock lock, KafkaRaftServer server, int port) {
    this.lock = lock;
    this.server = server;
    this.port = port;
  }

  /** Starts on a free port. */
  public static EmbeddedKafka start(Path directory) {
    return start(directory, 0);
  }

  /**
   * Starts on the data of {@code directory} and returns when the broker serves requests.
   *
   * <p>A Kafka client asks the address it was given for the brokers' addresses and goes on with
   * those. A proxy in front of the only listener would thus be left after the first request. So
   * each proxy gets a listener of its own, which advertises the proxy's address: clients that
   * bootstrap from {@link TcpFault#address()} stay behind that proxy, all others use {@link
   * #bootstrap()}.
   *
   * @param port of the direct listener, 0 for a free one
   * @param proxies open proxies; each is pointed at its listener here, so do not give them a target
   * @throws EmbeddedUnavailable if the directory or the port is taken, or the broker does not start
   */
  public static EmbeddedKafka start(Path directory, int port, TcpFault... proxies) {
    var lock = DirectoryLock.acquire(directory);
    boolean started = false;
    STARTING.lock();
    try {
      format(lock.directory());
      var kafka = launch(lock, port, List.of(proxies));
      started = true;
      return kafka;
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "Kafka did not start in " + directory + ": " + e.getMessage(), e);
    } finally {
      STARTING.unlock();
      if (!started) {
        lock.close();
      }
    }
  }

  public int port() {
    return port;
  }

  /** {@code 127.0.0.1:port} of the direct listener. */
  public String bootstrap() {
    return Ports.LOOPBACK + ":" + port;
  }

  /**
   * Stops the broker cleanly, logs flushed, so that the next start recovers nothing; a second call
   * does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (lock) {
      Polling.shielded(() -> stop(server));
    }
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }

  private static EmbeddedKafka launch(DirectoryLock lock, int wanted, List<TcpFault> proxies)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = Ports.choose(wanted, "Kafka");
      int controllerPort = Ports.free();
      var behind = new ArrayList<Integer>();
      for (var _ : proxies) {
        behind.add(Ports.free());
      }
      var failure = new Failure();
      var server =
          tryStart(settings(lock.directory(), port, controllerPort, proxies, behind), failure);
      if (server != null) {
        for (int i = 0; i < proxies.size(); i++) {
          proxies.get(i).forwardTo(Ports.LOOPBACK, behind.get(i));
        }
        return new EmbeddedKafka(lock, server, port);
      }
      boolean portWasTaken =
          Ports.isTaken(controllerPort)
              || behind.stream().anyMatch(Ports::isTaken)
              || Ports.isTaken(port);
      if (attempt == ATTEMPTS || !portWasTaken) {
        throw new IOException(failure.describe(), failure.cause);
      }
    }
  }

  /**
   * Kafka ends the JVM when it can't start, say because a port is taken. That decision is ours: for
   * the time of the start its exit throws. Afterwards a fatal fault of the broker ends the process
   * as Kafka means it to.
   */
  private static @Nullable KafkaRaftServer tryStart(Properties settings, Failure failure) {
    Exit.Procedure refuse =
        (status, message) -> {
          throw new IllegalStateException(
              "Kafka wanted to exit with "
                  + status
                  + (message == null ? ", see its log" : ": " + message));
        };
    Exit.setExitProcedure(refuse);
    Exit.setHaltProcedure(refuse);
    @Nullable KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      return server;
    } catch (Exception e) { // Scala throws checked ones, such as an interrupt, without saying so
      failure.cause = e;
      if (server != null) {
        abandon(server, e);
      }
      return null;
    } finally {
      Exit.resetExitProcedure();
      Exit.resetHaltProcedure();
    }
  }

  private static void abandon(KafkaRaftServer server, Exception why) {
    try {
      Polling.shielded(() -> stop(server));
    } catch (RuntimeException stopping) {
      why.addSuppressed(stopping);
    }
  }

  private static final class Failure {
    @Nullable Exception cause;

    String describe() {
      @Nullable Throwable root = cause;
      while (root != null && root.getCause() != null) {
        root = root.getCause();
      }
      return root == null || root.getMessage() == null ? String.valueOf(root) : root.getMessage();
    }
  }

  private static Properties settings(
      Path directory, int port, int controllerPort, List<TcpFault> proxies, List<Integer> behind) {
    var listeners =
        new ArrayList<>(List.of(listener(DIRECT, port), listener(CONTROLLER, controllerPort)));
    var advertised = new ArrayList<>(List.of(listener(DIRECT, port)));
    var protocols = new ArrayList<>(List.of(DIRECT + ":PLAINTEXT", CONTROLLER + ":PLAINTEXT"));
    for (int i = 0; i < proxies.size(); i++) {
      var name = "PROXY" + i;
      listeners.add(listener(name, behind.get(i)));
      advertised.add(name + "://" + proxies.get(i).address());
      protocols.add(name + ":PLAINTEXT");
    }
    var settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("listeners", String.join(",", listeners));
    settings.put("advertised.listeners", String.join(",", advertised));
    settings.put("listener.security.protocol.map", String.join(",", protocols));
    settings.put("inter.broker.listener.name", DIRECT);
    settings.put("controller.listener.names", CONTROLLER);
    // Ports may differ at every start, the data does not care.
    settings.put("controller.quorum.voters", "1@" + Ports.LOOPBACK + ":" + controllerPort);
    settings.put("log.dirs", directory.toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("message.max.bytes", Integer.toString(MESSAGE_MAX_BYTES));
    settings.put("replica.fetch.max.bytes", Integer.toString(MESSAGE_MAX_BYTES));
    // There is one broker to replicate to.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("controlled.shutdown.enable", "true");
    // After kill -9 the controller takes its old broker for alive until this session ends, and the
    // start waits for it (default 9 s). A
    // stall beyond it fences the broker for a moment; clients retry.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    // Sized for a guest in somebody else's heap on two cores. Defaults: 8 I/O threads, 128 MiB of
    // heap for the cleaner, 10 MiB an index.
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 * 1024 * 1024));
    settings.put("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
    settings.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
    return settings;
  }

  private static String listener(String name, int port) {
    return name + "://" + Ports.LOOPBACK + ":" + port;
  }

  /**
   * Gives a new directory its identity. The formatter reports to standard output unless told
   * otherwise, and that belongs to the caller.
   */
  private static void format(Path directory) throws IOException {
    if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    try (var silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(1)
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          // A run killed while formatting leaves some of it.
          .setIgnoreFormatted(true)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("formatting failed: " + e.getMessage(), e);
    }
    log.info("Kafka: new log in {}", directory);
  }
}
