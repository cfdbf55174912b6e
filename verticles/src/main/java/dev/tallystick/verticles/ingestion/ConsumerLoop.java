package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.engine.SourcePosition;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.protocol.Messages.BatchTaken;
import dev.tallystick.protocol.Messages.PartitionReady;
import dev.tallystick.protocol.Messages.RecordBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of one reconciliation on a thread of its own. It never stops polling: backpressure
 * is pausing single topic partitions, so the group never takes us for dead. Positions come from
 * PostgreSQL, never from Kafka. Commands from outside go through a queue.
 */
final class ConsumerLoop implements Runnable {

  /** What the loop tells its owner; called on the loop's thread, must not block. */
  interface Owner {

    /** The partition was assigned to us: claim it. */
    void assigned(int partition);

    /** We are a member of the group, with whatever was assigned before this call. */
    void joined();

    /**
     * The partition is taken away.
     *
     * @param orderly whether we are still its member and may finish what is under way
     * @return done when its actor has stopped
     */
    CompletableFuture<?> revoked(int partition, boolean orderly);

    void batch(int partition, SourceLane lane, int generation, RecordBatch batch);

    /** The partition cannot go on. */
    void stopped(int partition, String reason);

    /** The reconciliation cannot go on. */
    void halted(String reason);
  }

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long PROOF_EVERY_MS = 500;
  private static final long ASK_AGAIN_MS = 50;
  private static final long REVOKE_WAIT_MS = 4_000;
  private static final long TROUBLE_PAUSE_NANOS = 200_000_000L;

  private final IngestionSettings settings;
  private final Owner owner;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Map<String, String> sourceByTopic = new HashMap<>();
  private final HomePartitions homes;
  private final Set<Integer> assigned = new HashSet<>();
  private final Map<TopicPartition, SourceLane> lanes = new HashMap<>();
  private volatile boolean closing;
  private volatile boolean pausedSome;
  private volatile Map<TopicPartition, Long> lags = Map.of();
  private boolean proofUnderWay;
  private long lastProofMs;
  private long lastAskMs;
  private String trouble = "";

  ConsumerLoop(IngestionSettings settings, Topics topics, Owner owner) {
    this.settings = settings;
    this.owner = owner;
    this.topics = topics;
    this.consumer = new KafkaConsumer<>(KafkaSettings.consumer(settings));
    settings.rulebook().topics().forEach((source, topic) -> sourceByTopic.put(topic, source));
    this.homes = new HomePartitions(settings.rulebook());
  }

  /** Runs {@code command} on the loop's thread soon. */
  void execute(Runnable command) {
    commands.add(command);
    consumer.wakeup();
  }

  /** The same, without waking the loop when there is nothing it could do with it sooner. */
  void executeWhenAwake(Runnable command) {
    commands.add(command);
    if (pausedSome) {
      consumer.wakeup();
    }
  }

  /** Ends the loop; its thread ends after the group was left. */
  void close() {
    closing = true;
    consumer.wakeup();
  }

  /** Records not yet handed over, per topic partition, as of the last proof. */
  Map<TopicPartition, Long> lags() {
    return lags;
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(sourceByTopic.keySet(), new Rebalance());
      while (!closing) {
        turn();
      }
    } catch (WakeupException e) {
      LOG.debug("woken while closing");
    } catch (RuntimeException e) {
      LOG.error("consumer of {} ended", settings.rulebook().name(), e);
      owner.halted("consumer ended: " + e.getMessage());
    }
  }

  private void turn() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    pauseAndResume();
    handOver(poll());
    long nowMs = System.currentTimeMillis();
    if (nowMs - lastProofMs >= PROOF_EVERY_MS) {
      proveTime();
    }
    tellTime(nowMs);
    pauseAndResume();
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (!trouble.isEmpty()) {
        LOG.info("consumer of {} goes on", settings.rulebook().name());
        trouble = "";
      }
      return polled;
    } catch (WakeupException e) {
      return ConsumerRecords.empty(); // thrown before records are taken, so none is lost
    } catch (OffsetOutOfRangeException e) {
      outOfRange(e);
    } catch (KafkaException e) {
      if (!trouble.equals(String.valueOf(e.getMessage()))) {
        trouble = String.valueOf(e.getMessage());
        LOG.warn("consumer of {}: {}; trying again", settings.rulebook().name(), trouble);
      }
      LockSupport.parkNanos(TROUBLE_PAUSE_NANOS); // some fail at once, every time
    }
    // Whether the consumer moved before it failed is not ours to guess.
    Set<TopicPartition> ours = consumer.assignment();
    for (SourceLane lane : lanes.values()) {
      if (ours.contains(lane.topicPartition)) {
        consumer.seek(lane.topicPartition, lane.handedTo());
      }
    }
    return ConsumerRecords.empty();
  }

  // ---- commands, on the loop's thread

  /** The partition is claimed: read from its stored positions. */
  void ready(PartitionReady ready) {
    if (!assigned.contains(ready.partition()) || !isWhole(ready.partition())) {
      return; // taken away meanwhile
    }
    Map<String, String> topicsBySource = settings.rulebook().topics();
    for (Map.Entry<String, SourcePosition> start : ready.positions().entrySet()) {
      String topic = topicsBySource.get(start.getKey());
      if (topic == null) {
        continue; // a source no version knows any more
      }
      TopicPartition at = new TopicPartition(topic, ready.partition());
      long position = start.getValue().position();
      consumer.seek(at, position);
      consumer.resume(List.of(at));
      boolean createTime = isCreateTime(start.getKey());
      lanes.put(
          at,
          new SourceLane(
              start.getKey(),
              at,
              ready.epoch(),
              position,
              createTime ? Math.max(settings.skewMs(), settings.createSkewMs()) : settings.skewMs(),
              createTime ? settings.createSkewMs() : settings.recordSkewMs()));
    }
    proveTime();
  }

  /** The partition's actor has ended; it stays assigned. */
  void halt(int partition) {
    lanes
        .keySet()
        .removeIf(
            at -> {
              boolean gone = at.partition() == partition;
              if (gone && consumer.assignment().contains(at)) {
                consumer.pause(List.of(at));
              }
              return gone;
            });
  }

  boolean isAssigned(int partition) {
    return assigned.contains(partition);
  }

  /**
   * Whether the partition of every topic is ours. While nodes with different definitions are in the
   * group it may not be, and half a partition cannot be judged.
   */
  private boolean isWhole(int partition) {
    Set<TopicPartition> ours = consumer.assignment();
    return sourceByTopic.keySet().stream()
        .allMatch(topic -> ours.contains(new TopicPartition(topic, partition)));
  }

  void answered(SourceLane lane, int generation, RecordBatch batch, BatchTaken taken) {
    if (lanes.get(lane.topicPartition) != lane || lane.generation() != generation) {
      return;
    }
    lane.answered(taken.accepting());
    if (taken.absorbed() != batch.to() && taken.absorbed() >= 0) {
      rewind(lane, taken.absorbed());
    }
  }

  /** No answer: whether it was absorbed is unknown, and the actor will say where it stands. */
  void unanswered(SourceLane lane, int generation, RecordBatch batch) {
    if (lanes.get(lane.topicPartition) == lane && lane.generation() == generation) {
      rewind(lane, batch.from());
      lane.unwelcome(); // asked again now and then, not in a circle
    }
  }

  void room(int partition) {
    lanes.values().stream()
        .filter(lane -> lane.topicPartition.partition() == partition)
        .forEach(SourceLane::room);
  }

  private void rewind(SourceLane lane, long position) {
    lane.rewind(position);
    consumer.seek(lane.topicPartition, position);
  }

  // ---- time

  /** Asks for all end offsets; what is true of the log at T is still true when the answer comes. */
  void proveTime() {
    if (proofUnderWay || lanes.isEmpty()) {
      return;
    }
    proofUnderWay = true;
    long sentAtMs = System.currentTimeMillis();
    lastProofMs = sentAtMs;
    topics
        .highWatermarks(lanes.keySet())
        .whenComplete(
            (ends, failure) ->
                execute(
                    () -> {
                      proofUnderWay = false;
                      if (failure == null) {
                        proven(sentAtMs, ends);
                      }
                    }));
  }

  private void proven(long sentAtMs, Map<TopicPartition, Long> ends) {
    ends.forEach(
        (at, end) -> {
          SourceLane lane = lanes.get(at);
          if (lane != null) {
            lane.proof(sentAtMs, end);
          }
        });
    Map<TopicPartition, Long> now = new HashMap<>();
    lanes.forEach((at, lane) -> now.put(at, lane.lag()));
    lags = Map.copyOf(now);
  }

  private void tellTime(long nowMs) {
    boolean askAgain = nowMs - lastAskMs >= ASK_AGAIN_MS;
    if (askAgain) {
      lastAskMs = nowMs;
    }
    for (SourceLane lane : lanes.values()) {
      if (lane.hasNews() || (askAgain && lane.isIdlePaused())) {
        send(lane, lane.handedTo(), List.of(), Event.NONE);
      }
    }
  }

  // ---- records

  /**
   * Every position comes with the records it stands behind. Asked for by itself it can be ahead of
   * them, and what lies between is lost.
   */
  private void handOver(ConsumerRecords<byte[], byte[]> polled) {
    for (Map.Entry<TopicPartition, OffsetAndMetadata> next : polled.nextOffsets().entrySet()) {
      SourceLane lane = lanes.get(next.getKey());
      if (lane == null) {
        continue; // taken away, or halted
      }
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(next.getKey());
      List<RawRecord> raws = new ArrayList<>(records.size());
      long largestMs = Event.NONE;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        String stray = homes.stray(record);
        if (stray != null) {
          closing = true;
          owner.halted(stray);
          return;
        }
        largestMs = Math.max(largestMs, record.timestamp());
        raws.add(RawRecords.of(record));
      }
      send(lane, next.getValue().offset(), raws, largestMs);
    }
  }

  private void send(SourceLane lane, long position, List<RawRecord> records, long largestMs) {
    long from = lane.handedTo();
    // A producer's clock may be ahead of ours; time may not.
    long timestampMs = Math.min(largestMs, System.currentTimeMillis());
    long timeMs = lane.handOver(position, timestampMs);
    owner.batch(
        lane.topicPartition.partition(),
        lane,
        lane.generation(),
        new RecordBatch(lane.epoch, lane.source, from, position, records, timeMs));
  }

  private void pauseAndResume() {
    boolean some = false;
    for (SourceLane lane : lanes.values()) {
      if (lane.wantsPause()) {
        consumer.pause(List.of(lane.topicPartition));
        lane.paused(true);
      } else if (lane.wantsResume()) {
        consumer.resume(List.of(lane.topicPartition));
        lane.paused(false);
      }
      some |= lane.isPaused();
    }
    pausedSome = some;
  }

  private void outOfRange(OffsetOutOfRangeException lost) {
    lost.offsetOutOfRangePartitions()
        .forEach(
            (at, position) -> {
              halt(at.partition());
              owner.stopped(
                  at.partition(),
                  "topic %s partition %d: position %d is outside the log: records lost by retention"
                      .formatted(at.topic(), at.partition(), position));
            });
  }

  private boolean isCreateTime(String source) {
    SourceRule rule = settings.rulebook().source(source);
    return rule != null && rule.createTime();
  }

  // ---- who owns what

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // Without a position the consumer would look for a committed one and fail. Paused, it is not
      // fetched from, and the true position comes with the claim.
      partitions.forEach(at -> consumer.seek(at, 0));
      consumer.pause(partitions);
      partitions.stream()
          .map(TopicPartition::partition)
          .distinct()
          .sorted()
          .filter(ConsumerLoop.this::isWhole)
          .filter(assigned::add)
          .forEach(owner::assigned);
      owner.joined();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      giveUp(partitions, true);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      giveUp(partitions, false);
    }

    private void giveUp(Collection<TopicPartition> partitions, boolean orderly) {
      Map<Integer, CompletableFuture<?>> stopping = new TreeMap<>();
      for (TopicPartition at : partitions) {
        lanes.remove(at);
        lags = lanes.isEmpty() ? Map.of() : lags;
        if (assigned.remove(at.partition())) {
          stopping.put(at.partition(), owner.revoked(at.partition(), orderly));
        }
      }
      if (orderly) {
        CompletableFuture.allOf(stopping.values().toArray(CompletableFuture[]::new))
            .completeOnTimeout(null, REVOKE_WAIT_MS, TimeUnit.MILLISECONDS)
            .exceptionally(failure -> null)
            .join();
      }
    }
  }
}
