package dev.tallystick.verticles.ingestion;

import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.protocol.Messages.BatchTaken;
import dev.tallystick.protocol.Messages.PartitionReady;
import dev.tallystick.protocol.Messages.PartitionStopped;
import dev.tallystick.protocol.Messages.RecordBatch;
import dev.tallystick.protocol.Messages.RoomAgain;
import dev.tallystick.protocol.Messages.Start;
import dev.tallystick.protocol.Messages.TimeWanted;
import dev.tallystick.protocol.Messages.ToIngestion;
import dev.tallystick.verticles.meters.EngineMeters;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the consumer thread of one reconciliation, and brings the actors of its assigned partitions
 * up and down. Batches go to an actor as requests, at most {@link SourceLane#IN_FLIGHT_MAX} per
 * source: the answer is the credit.
 */
public final class IngestionVerticle extends VerticleBase implements ConsumerLoop.Owner {

  /** Makes the actor of a partition. */
  @FunctionalInterface
  public interface Actors {
    Deployable actor(int partition, List<Start> starts);
  }

  private static final Logger LOG = LoggerFactory.getLogger(IngestionVerticle.class);
  private static final long BACK_OFF_FIRST_MS = 200;
  private static final long BACK_OFF_MAX_MS = 5_000;
  private static final long QUIET_NANOS = 60_000_000_000L;

  private record Stop(long atNanos, long delayMs) {}

  private final String name;
  private final IngestionSettings settings;
  private final Actors actors;
  private final EngineMeters meters;
  private final Topics topics;
  private final ConsumerLoop loop;
  private final Thread thread;
  private final Map<Integer, Future<String>> deployed = new HashMap<>();
  private final Map<Integer, Stop> lastStops = new HashMap<>();
  private final Set<Integer> starting = new HashSet<>();
  private final Promise<Void> firstReady = Promise.promise();
  private final Promise<Void> threadEnded = Promise.promise();
  private boolean sawAssignment;
  private boolean stopping;

  public IngestionVerticle(IngestionSettings settings, Actors actors, EngineMeters meters) {
    this.name = settings.rulebook().name();
    this.settings = settings;
    this.actors = actors;
    this.meters = meters;
    this.topics = new Topics(settings);
    this.loop = new ConsumerLoop(settings, topics, this);
    this.thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } finally {
                context.runOnContext(v -> threadEnded.complete());
              }
            },
            "consumer-" + name);
  }

  /** Ready when the partitions assigned first are claimed. */
  @Override
  public Future<?> start() {
    vertx.eventBus().<ToIngestion>localConsumer(Addresses.ingestion(name), this::told);
    meters.lag(name, loop::lags, settings.rulebook().topics());
    thread.start();
    return firstReady.future();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    loop.close();
    return threadEnded.future().andThen(done -> topics.close());
  }

  // ---- from the actors and the timers

  private void told(Message<ToIngestion> message) {
    switch (message.body()) {
      case PartitionReady ready -> {
        loop.execute(() -> loop.ready(ready));
        started(ready.partition());
      }
      case PartitionStopped stopped -> actorStopped(stopped);
      case RoomAgain room -> loop.execute(() -> loop.room(room.partition()));
      case TimeWanted wanted -> loop.execute(loop::proveTime);
    }
  }

  private void actorStopped(PartitionStopped stopped) {
    int partition = stopped.partition();
    loop.execute(() -> loop.halt(partition));
    Future<String> deployment = deployed.remove(partition);
    Future<?> down =
        deployment == null ? Future.succeededFuture() : deployment.compose(vertx::undeploy);
    if (!stopped.again()) {
      LOG.error("partition {}/{} stopped: {}", name, partition, stopped.detail());
      started(partition);
      return;
    }
    // A claim that succeeds proves nothing: two nodes may be taking turns. Only quiet does.
    Stop last = lastStops.get(partition);
    long nowNanos = System.nanoTime();
    long delayMs =
        last == null || nowNanos - last.atNanos() > QUIET_NANOS
            ? BACK_OFF_FIRST_MS
            : Math.min(last.delayMs() * 2, BACK_OFF_MAX_MS);
    lastStops.put(partition, new Stop(nowNanos, delayMs));
    LOG.warn(
        "partition {}/{} stopped: {}; claiming again in {} ms if it is still ours",
        name,
        partition,
        stopped.detail(),
        delayMs);
    // By then the consumer has polled again: it knows whether the partition is still assigned.
    down.onComplete(done -> vertx.setTimer(delayMs, timer -> loop.execute(() -> again(partition))));
  }

  private void again(int partition) {
    if (loop.isAssigned(partition)) {
      context.runOnContext(v -> bringUp(partition));
    }
  }

  // ---- from the consumer's thread

  @Override
  public void assigned(int partition) {
    context.runOnContext(
        v -> {
          starting.add(partition);
          bringUp(partition);
        });
  }

  @Override
  public void joined() {
    context.runOnContext(
        v -> {
          sawAssignment = true;
          readyIfAllStarted();
        });
  }

  private void bringUp(int partition) {
    if (stopping || deployed.containsKey(partition)) {
      return;
    }
    Promise<String> deployment = Promise.promise();
    deployed.put(partition, deployment.future());
    Future.fromCompletionStage(topics.starts(partition), context)
        .compose(
            starts ->
                isWanted(partition, deployment)
                    ? vertx.deployVerticle(actors.actor(partition, starts))
                    : Future.failedFuture("no longer wanted"))
        .onComplete(deployment)
        .onFailure(
            failure -> {
              if (isWanted(partition, deployment)) {
                actorStopped(
                    new PartitionStopped(partition, true, "not started: " + failure.getMessage()));
              }
            });
  }

  /** Whether the partition was not taken away, or given to another actor, meanwhile. */
  @SuppressWarnings("ReferenceEquality") // this very deployment, not one like it
  private boolean isWanted(int partition, Promise<String> deployment) {
    return !stopping && deployed.get(partition) == deployment.future();
  }

  private void started(int partition) {
    starting.remove(partition);
    readyIfAllStarted();
  }

  private void readyIfAllStarted() {
    if (sawAssignment && starting.isEmpty()) {
      firstReady.tryComplete();
    }
  }

  @Override
  public CompletableFuture<?> revoked(int partition, boolean orderly) {
    CompletableFuture<Void> down = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          starting.remove(partition);
          Future<String> deployment = deployed.remove(partition);
          if (deployment == null) {
            down.complete(null);
          } else {
            deployment.compose(vertx::undeploy).onComplete(done -> down.complete(null));
          }
        });
    return down;
  }

  @Override
  public void batch(int partition, SourceLane lane, int generation, RecordBatch batch) {
    context.runOnContext(
        v ->
            vertx
                .eventBus()
                .<BatchTaken>request(
                    Addresses.partition(name, partition), batch, Messages.LOCAL_PATIENT)
                .onSuccess(
                    reply ->
                        loop.executeWhenAwake(
                            () -> loop.answered(lane, generation, batch, reply.body())))
                .onFailure(
                    failure -> loop.execute(() -> loop.unanswered(lane, generation, batch))));
  }

  @Override
  public void stopped(int partition, String reason) {
    context.runOnContext(v -> actorStopped(new PartitionStopped(partition, false, reason)));
  }

  @Override
  public void halted(String reason) {
    LOG.error("reconciliation {} stopped: {}", name, reason);
    meters.halted(name);
    Context own = context;
    own.runOnContext(
        v -> {
          firstReady.tryFail(reason);
          List.copyOf(deployed.values()).forEach(d -> d.compose(vertx::undeploy));
          deployed.clear();
        });
  }
}
