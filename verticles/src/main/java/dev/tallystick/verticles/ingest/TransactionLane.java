package dev.tallystick.verticles.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Arrays: each is one Kafka transaction. Every record is acknowledged before the commit is sent, so
 * before that nothing can become visible, and afterwards nothing can stay behind.
 *
 * <p>Only an unanswered commit leaves open whether the array was taken. It is answered as a failure
 * all the same: sending it again is a redelivery, which the engine drops.
 */
final class TransactionLane extends SendLane {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionLane.class);

  /** A producer may have been fenced long ago; the one after it is new. */
  private static final int ATTEMPTS = 2;

  /** A transaction that was begun and whose end Kafka has not confirmed. */
  private boolean owesAnEnd;

  TransactionLane(
      String name, BlockingQueue<Sending> queue, Supplier<Producer<byte[], byte[]>> factory) {
    super(name, queue, factory);
  }

  /** Ends whatever a former producer of the same id left open. */
  @Override
  void prepare(Producer<byte[], byte[]> fresh) {
    fresh.initTransactions();
    owesAnEnd = false;
  }

  /**
   * A transaction left open keeps all readers of its partitions waiting, the engine among them,
   * until the broker gives it up. Whoever comes next may be another lane's: this one ends its own.
   */
  @Override
  void idle() {
    if (owesAnEnd && current() == null) {
      try {
        producer();
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException | IllegalStateException e) {
        LOG.debug("an open transaction could not be ended yet", e);
      }
    }
  }

  @Override
  void send(Sending sending) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      List<RecordMetadata> places;
      try {
        places = write(sending);
      } catch (InterruptException | InterruptedException e) {
        sending.failed(new Unavailable("the node is stopping"));
        throw e;
      } catch (KafkaException | IllegalStateException | TimeoutException e) {
        Fault fault = Fault.of(e);
        if (fault == Fault.PRODUCER) {
          replace(e);
          if (attempt < ATTEMPTS && sending.leftNanos() > 0) {
            continue; // nothing was committed: this is still the first time
          }
        }
        sending.failed(e); // aborting takes time, and the caller need not wait for it
        if (fault != Fault.PRODUCER) {
          abort();
        }
        return;
      }
      commit(sending, places);
      return;
    }
  }

  /** All records acknowledged, inside a transaction that is still open. */
  private List<RecordMetadata> write(Sending sending)
      throws InterruptedException, TimeoutException {
    Producer<byte[], byte[]> producer = producer();
    producer.beginTransaction();
    owesAnEnd = true;
    List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : sending.records()) {
      acknowledgements.add(producer.send(record));
    }
    List<RecordMetadata> places = new ArrayList<>();
    for (Future<RecordMetadata> acknowledgement : acknowledgements) {
      places.add(await(acknowledgement, sending.leftNanos()));
    }
    return places;
  }

  private static RecordMetadata await(Future<RecordMetadata> acknowledgement, long leftNanos)
      throws InterruptedException, TimeoutException {
    try {
      return acknowledgement.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    }
  }

  private void commit(Sending sending, List<RecordMetadata> places) {
    while (true) {
      try {
        producer().commitTransaction();
        owesAnEnd = false;
        sending.done(places);
        return;
      } catch (InterruptException e) {
        sending.failed(new Unavailable("the node is stopping"));
        throw e;
      } catch (KafkaException | IllegalStateException e) {
        // The same commit may be asked for again; an answer that is lost is found that way.
        if (Fault.of(e) == Fault.ENVIRONMENT && sending.leftNanos() > 0) {
          continue;
        }
        sending.failed(e);
        replace(e);
        return;
      }
    }
  }

  /** Readers wait for an open transaction; what cannot be aborted, the next producer ends. */
  private void abort() {
    Producer<byte[], byte[]> producer = current();
    if (producer == null) {
      return; // none could be opened
    }
    try {
      producer.abortTransaction();
      owesAnEnd = false;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      LOG.debug("aborting failed", e);
      discard(Duration.ZERO);
    }
  }
}
