package dev.tallystick.launcher.node;

import dev.tallystick.core.engine.EngineSettings;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.protocol.Messages;
import dev.tallystick.storage.postgres.PartitionClaims;
import dev.tallystick.storage.postgres.PgPools;
import dev.tallystick.storage.postgres.Schema;
import dev.tallystick.storage.postgres.SchemaException;
import dev.tallystick.storage.postgres.StoredVersion;
import dev.tallystick.storage.postgres.VersionRefused;
import dev.tallystick.storage.postgres.VersionRegister;
import dev.tallystick.verticles.health.HealthRoutes;
import dev.tallystick.verticles.ingestion.IngestionSettings;
import dev.tallystick.verticles.ingestion.IngestionVerticle;
import dev.tallystick.verticles.meters.EngineMeters;
import dev.tallystick.verticles.persistence.PersistenceVerticle;
import dev.tallystick.verticles.reconciliation.ReconciliationVerticle;
import dev.tallystick.verticles.timers.TimersVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.sqlclient.Pool;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. */
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final long START_MAX_SECONDS = 30;
  private static final long STOP_MAX_SECONDS = 15;
  private static final int ENGINE_CONNECTIONS = 6;
  private static final int READING_CONNECTIONS = 4;

  /** For topics with producer time. */
  private static final long CREATE_SKEW_MS = 300_000;

  private final NodeSettings settings;
  private final Vertx vertx;
  private final PrometheusMeterRegistry registry;
  private final EngineMeters meters;
  private final Pool pool;

  /** For all that people and programs ask over HTTP; the engine waits for none of it. */
  private final Pool reading;

  private final Deque<String> deployments = new ArrayDeque<>();
  private final HealthChecks healthChecks;
  private @Nullable WebFront web;
  private int httpPort;
  private boolean closed;

  private Node(NodeSettings settings) {
    this.settings = settings;
    this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.vertx = vertx(registry);
    this.meters = new EngineMeters(registry, System::currentTimeMillis);
    Messages.register(vertx.eventBus());
    this.pool = PgPools.open(vertx, settings.postgres(), ENGINE_CONNECTIONS, PgPools.Use.ENGINE);
    this.reading =
        PgPools.open(vertx, settings.postgres(), READING_CONNECTIONS, PgPools.Use.READING);
    this.healthChecks = new HealthChecks(vertx, reading, settings);
  }

  /**
   * Starts a node and returns when it is ready: schema in place, versions registered, topics there,
   * HTTP open, the partitions assigned first claimed. Blocks; not for an event loop.
   *
   * @throws StartFailure within about 30 s, with everything stopped again
   */
  public static Node start(NodeSettings settings) {
    migrate(settings);
    TopicSetup.ensure(settings.kafka(), settings.definitions());
    Node node = new Node(settings);
    try {
      node.deployAll();
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** The port that was opened. */
  public int httpPort() {
    return httpPort;
  }

  /** For the launcher's own verticles and for tests. */
  public Vertx vertx() {
    return vertx;
  }

  private static Vertx vertx(PrometheusMeterRegistry registry) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(loops())
                .setMetricsOptions(
                    new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setLabels(
                            EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME, Label.HTTP_METHOD))))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  private static int loops() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  private static void migrate(NodeSettings settings) {
    try {
      Schema.migrate(settings.postgres());
    } catch (SchemaException e) {
      throw new StartFailure(StartFailure.UNAVAILABLE, "storage.url: " + e.getMessage(), e);
    }
  }

  private void deployAll() {
    List<Rulebook> rulebooks = rulebooks();
    deploy(
        new PersistenceVerticle(
            pool, settings.name(), knowledge(rulebooks), System::currentTimeMillis, meters));
    deploy(
        new TimersVerticle(
            settings.engine().skewMs(), System::currentTimeMillis, System::nanoTime));
    WebFront opening =
        new WebFront(
            vertx,
            settings,
            reading,
            rulebooks,
            new HealthRoutes(healthChecks.checks(), registry),
            meters,
            registry);
    web = opening;
    opening.verticles().forEach(this::deploy);
    opening.opened();
    httpPort = opening.port();
    List<Future<String>> ingesting = new ArrayList<>();
    for (Rulebook rulebook : rulebooks) {
      ingesting.add(vertx.deployVerticle(ingestion(rulebook, rulebooks)));
    }
    for (Future<String> each : ingesting) {
      deployments.push(await(each, START_MAX_SECONDS, "consumers"));
    }
  }

  private IngestionVerticle ingestion(Rulebook rulebook, List<Rulebook> all) {
    NodeSettings.Engine engine = settings.engine();
    EngineSettings defaults = EngineSettings.defaults(Decoders.keeps(rulebook, all));
    EngineSettings limits =
        new EngineSettings(
            engine.openMax(),
            engine.materializeAfterMs(),
            engine.maxEvents(),
            defaults.commitMax(),
            defaults.dueMax(),
            defaults.settledMax(),
            defaults.progressAfterMs(),
            defaults.keeps());
    return new IngestionVerticle(
        new IngestionSettings(
            rulebook, settings.kafka(), engine.skewMs(), engine.recordSkewMs(), CREATE_SKEW_MS),
        (partition, starts) ->
            new ReconciliationVerticle(
                rulebook,
                partition,
                starts,
                Decoders.of(rulebook, all, engine.recordMaxBytes()),
                limits,
                meters),
        meters);
  }

  private static Map<String, PartitionClaims.Knowledge> knowledge(List<Rulebook> rulebooks) {
    Map<String, PartitionClaims.Knowledge> known = new HashMap<>();
    for (Rulebook rulebook : rulebooks) {
      known.put(
          rulebook.name(),
          new PartitionClaims.Knowledge(rulebook.newest().version(), Reconciler.JUDGE_VERSION));
    }
    return known;
  }

  /** Registers the definitions, and reads back all versions that were ever in force. */
  private List<Rulebook> rulebooks() {
    Map<String, List<StoredVersion>> stored =
        await(
            new VersionRegister(pool)
                .register(
                    settings.definitions(), Reconciler.JUDGE_VERSION, System.currentTimeMillis()),
            START_MAX_SECONDS,
            "storage.url");
    List<Rulebook> rulebooks = new ArrayList<>();
    stored.forEach(
        (name, versions) ->
            rulebooks.add(
                new Rulebook(versions.stream().map(version -> parse(name, version)).toList())));
    return rulebooks;
  }

  private static Reconciliation parse(String name, StoredVersion version) {
    Reconciliation read =
        DefinitionReader.read(name + "@" + version.version() + " (stored)", version.text());
    long validFromMs = version.validFromMs();
    return new Reconciliation(
        read.name(),
        read.version(),
        validFromMs == Event.NONE ? Event.NONE : validFromMs,
        read.where(),
        read.sources(),
        read.rules(),
        read.partitions(),
        read.hash(),
        read.text());
  }

  private void deploy(Deployable verticle) {
    deployments.push(
        await(
            vertx.deployVerticle(verticle),
            START_MAX_SECONDS,
            verticle.getClass().getSimpleName()));
  }

  private <T> T await(Future<T> future, long seconds, String what) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new StartFailure(
          StartFailure.UNAVAILABLE, "%s: not ready within %d s".formatted(what, seconds), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure(StartFailure.UNAVAILABLE, what + ": interrupted", e);
    }
  }

  private StartFailure failure(String what, Throwable cause) {
    if (cause instanceof BindException) {
      return new StartFailure(
          StartFailure.CONFIGURATION,
          "http.port: %d: the port is taken".formatted(settings.httpPort()),
          cause);
    }
    if (cause instanceof VersionRefused) {
      return new StartFailure(
          StartFailure.CONFIGURATION, "reconciliations: " + cause.getMessage(), cause);
    }
    return new StartFailure(
        StartFailure.UNAVAILABLE, "%s: %s".formatted(what, cause.getMessage()), cause);
  }

  /** Ingestion first, persistence last; each step awaited, none for ever. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // each step below has to be awaited all the same
    for (String deployment : deployments) {
      stopQuietly("verticle", vertx.undeploy(deployment));
    }
    if (web != null) {
      stopQuietly("web", web.close());
    }
    stopQuietly("health checks", healthChecks.close());
    stopQuietly("reading pool", reading.close());
    stopQuietly("pool", pool.close());
    stopQuietly("vertx", vertx.close());
    registry.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stopQuietly(String what, Future<?> stopping) {
    try {
      stopping.toCompletionStage().toCompletableFuture().get(STOP_MAX_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} did not stop: {}", what, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
