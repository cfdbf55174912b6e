package dev.tallystick.verticles.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a lane does with each kind of failure, on the producer that Kafka itself ships for tests: a
 * real one fails in these ways too rarely to be asked for it. IngestIT runs on real ones.
 */
@NullUnmarked // what is started before each is there in each
class TransactionLaneTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BlockingQueue<Sending> queue = new ArrayBlockingQueue<>(8);
  private final List<MockProducer<byte[], byte[]>> opened = new CopyOnWriteArrayList<>();

  /** What is wrong with the producers to come, in their order; then nothing. */
  private final List<Consumer<MockProducer<byte[], byte[]>>> faults = new ArrayList<>();

  /** What opening a producer throws, in this order, before one can be opened. */
  private final List<Error> failing = new CopyOnWriteArrayList<>();

  private Vertx vertx;
  private TransactionLane lane;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    lane = new TransactionLane("lane", queue, this::open);
  }

  @AfterEach
  void stop() throws Exception {
    lane.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  private Producer<byte[], byte[]> open() {
    if (!failing.isEmpty()) {
      throw failing.removeFirst();
    }
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    if (opened.size() < faults.size()) {
      faults.get(opened.size()).accept(producer);
    }
    opened.add(producer);
    return producer;
  }

  private List<RecordMetadata> send(int count) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new ProducerRecord<>("topic", new byte[] {(byte) i}));
    }
    Sending sending = new Sending(records, vertx.getOrCreateContext());
    queue.add(sending);
    return sending.answer().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void allOfItIsCommittedTogether() throws Exception {
    lane.start();
    assertThat(send(3)).hasSize(3);
    assertThat(send(1)).hasSize(1);
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().history()).hasSize(4);
    assertThat(opened.getFirst().commitCount()).isEqualTo(2);
  }

  @Test
  void nothingIsOpenedBeforeItIsNeeded() throws Exception {
    lane.start();
    lane.close();
    assertThat(opened).isEmpty();
  }

  @Test
  void aFencedProducerIsReplacedAndTheArrayIsTaken() throws Exception {
    faults.add(producer -> producer.sendException = new ProducerFencedException("fenced"));
    lane.start();
    assertThat(send(2)).hasSize(2);
    assertThat(opened).hasSize(2);
    assertThat(opened.get(0).closed()).isTrue();
    assertThat(opened.get(0).history()).isEmpty();
    assertThat(opened.get(1).history()).hasSize(2);
  }

  @Test
  void aProducerThatIsFencedAgainIsNotReplacedForEver() throws Exception {
    for (int i = 0; i < 2; i++) {
      faults.add(producer -> producer.sendException = new ProducerFencedException("fenced"));
    }
    lane.start();
    assertThatThrownBy(() -> send(2)).hasCauseInstanceOf(ProducerFencedException.class);
    assertThat(opened).hasSize(2);
    assertThat(send(2)).hasSize(2);
  }

  @Test
  void aRecordTooLargeAbortsAndTheProducerStays() throws Exception {
    faults.add(producer -> producer.sendException = new RecordTooLargeException("large"));
    lane.start();
    assertThatThrownBy(() -> send(2)).hasCauseInstanceOf(RecordTooLargeException.class);
    opened.getFirst().sendException = null;
    assertThat(send(2)).hasSize(2);
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().history()).hasSize(2);
  }

  /** Whether it was taken is open: the next producer ends it, and does not send it once more. */
  @Test
  void aCommitThatFailedIsNotRepeatedByAnotherProducer() throws Exception {
    faults.add(
        producer -> producer.commitTransactionException = new ProducerFencedException("fenced"));
    lane.start();
    assertThatThrownBy(() -> send(2)).hasCauseInstanceOf(ProducerFencedException.class);
    await().atMost(PATIENCE).until(() -> opened.size() == 2);
    await().atMost(PATIENCE).until(() -> opened.get(1).transactionInitialized());
    assertThat(opened.get(0).closed()).isTrue();
    assertThat(opened.get(1).history()).isEmpty();
  }

  /** Nobody else sends anything: readers must not have to wait for that. */
  @Test
  void whatCannotBeAbortedIsEndedByTheNextProducerUnasked() throws Exception {
    faults.add(
        producer -> {
          producer.sendException = new TimeoutException("away");
          producer.abortTransactionException = new TimeoutException("away");
        });
    faults.add(producer -> producer.initTransactionException = new TimeoutException("away"));
    lane.start();
    assertThatThrownBy(() -> send(2)).hasCauseInstanceOf(TimeoutException.class);
    await().atMost(PATIENCE).until(() -> opened.size() == 3);
    await().atMost(PATIENCE).until(() -> opened.get(2).transactionInitialized());
    assertThat(opened.get(0).closed()).isTrue();
    assertThat(opened.get(1).closed()).isTrue();
    assertThat(opened.get(2).closed()).isFalse();
  }

  @Test
  void whateverIsThrownFailsOneRequestAndTheNextGoesOn() throws Exception {
    failing.add(new NoClassDefFoundError("where nobody expects it"));
    lane.start();
    assertThatThrownBy(() -> send(1)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(send(1)).hasSize(1);
  }

  @Test
  void whatConcernsATopicIsNoFaultOfTheProducer() {
    assertThat(Fault.of(new TopicAuthorizationException("no"))).isEqualTo(Fault.RECORD);
    assertThat(Fault.of(new InvalidTopicException("no"))).isEqualTo(Fault.RECORD);
    assertThat(Fault.of(new ProducerFencedException("no"))).isEqualTo(Fault.PRODUCER);
  }
}
