package dev.tallystick.verticles.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * All ways of this node into the topics. What waits is bounded, and nothing waits for ever: a
 * sending that cannot be begun in time fails unsent. Thread-safe; no method blocks but {@link
 * #close}.
 */
final class EventSender {

  /** Single events not yet acknowledged. */
  static final int SINGLES_MAX = 10_000;

  /** Arrays that wait for one of the transactional producers. */
  static final int ARRAYS_WAITING_MAX = 64;

  /** Transactional producers; each commits one array at a time. */
  static final int TRANSACTION_LANES = 2;

  private final BlockingQueue<Sending> singles = new ArrayBlockingQueue<>(SINGLES_MAX);
  private final BlockingQueue<Sending> arrays = new ArrayBlockingQueue<>(ARRAYS_WAITING_MAX);
  private final AtomicInteger singlesInFlight = new AtomicInteger();
  private final List<SendLane> lanes = new ArrayList<>();
  private volatile boolean closed;

  EventSender(IngestSettings settings) {
    lanes.add(
        new SingleLane(
            "tallystick-ingest-single", singles, () -> Producers.single(settings.kafka())));
    for (int i = 0; i < TRANSACTION_LANES; i++) {
      String id = "tallystick-ingest-" + settings.node() + "-" + i;
      lanes.add(
          new TransactionLane(id, arrays, () -> Producers.transactional(settings.kafka(), id)));
    }
    lanes.forEach(SendLane::start);
  }

  /** Sends one record. The answer comes on {@code context}. */
  Future<List<RecordMetadata>> sendOne(ProducerRecord<byte[], byte[]> record, Context context) {
    if (singlesInFlight.incrementAndGet() > SINGLES_MAX) {
      singlesInFlight.decrementAndGet();
      return Future.failedFuture(
          new Unavailable(SINGLES_MAX + " events wait for Kafka's acknowledgement"));
    }
    return offer(singles, new Sending(List.of(record), context))
        .onComplete(answered -> singlesInFlight.decrementAndGet());
  }

  /** Sends all of them or none. The answer comes on {@code context}. */
  Future<List<RecordMetadata>> sendTogether(
      List<ProducerRecord<byte[], byte[]>> records, Context context) {
    return offer(arrays, new Sending(records, context));
  }

  private Future<List<RecordMetadata>> offer(BlockingQueue<Sending> queue, Sending sending) {
    if (closed) {
      return Future.failedFuture(new Unavailable("the node is stopping"));
    }
    return queue.offer(sending)
        ? sending.answer()
        : Future.failedFuture(new Unavailable("too many requests wait for a producer"));
  }

  /** Stops after what is being sent; what waits fails. Blocks for seconds. */
  void close() {
    closed = true;
    lanes.forEach(SendLane::stop); // all of them end at the same time
    lanes.forEach(SendLane::close);
  }
}
