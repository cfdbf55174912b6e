package dev.tallystick.verticles.ingest;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One producer and the thread that calls it: its calls may block, and a producer that broke is
 * replaced. The producer is opened for the first record, so that neither a start of the node nor
 * Kafka's absence waits for it.
 */
abstract class SendLane {

  private static final Logger LOG = LoggerFactory.getLogger(SendLane.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  /** What is being sent may take so long when the lane is closed. */
  private static final Duration FINISH_MAX = Duration.ofSeconds(3);

  private static final long IDLE_MS = 500;

  private final String name;
  private final BlockingQueue<Sending> queue;
  private final Supplier<Producer<byte[], byte[]>> factory;
  private final Thread thread;
  private @Nullable Producer<byte[], byte[]> producer;
  private volatile boolean closed;

  /**
   * @param queue shared with other lanes, or not
   * @param factory opens a producer; may fail
   */
  SendLane(String name, BlockingQueue<Sending> queue, Supplier<Producer<byte[], byte[]>> factory) {
    this.name = name;
    this.queue = queue;
    this.factory = factory;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  final void start() {
    thread.start();
  }

  /** Sends it, and answers it whatever happens. On this lane's thread. */
  abstract void send(Sending sending) throws InterruptedException;

  /** Nothing to send for a while. On this lane's thread. */
  void idle() {}

  private void run() {
    try {
      while (!closed) {
        Sending next = queue.poll(IDLE_MS, TimeUnit.MILLISECONDS);
        if (next == null) {
          idleOrNot();
        } else if (next.isStale()) {
          next.failed(new Unavailable("waited too long for a producer"));
        } else {
          sendOrFail(next);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt(); // told to stop
    } finally {
      boolean interrupted = Thread.interrupted(); // the producer still has to be closed
      discard(CLOSE_MAX);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Whatever is thrown must not leave callers waiting, nor end the thread that answers them: not a
   * bug, nor a lack of memory.
   */
  private void sendOrFail(Sending sending) throws InterruptedException {
    try {
      send(sending);
    } catch (InterruptException | InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      sending.failed(e);
      LOG.error("{}: sending failed", name, e);
      discard(Duration.ZERO);
    }
  }

  private void idleOrNot() {
    try {
      idle();
    } catch (InterruptException e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("{}: a step between requests failed", name, e);
      discard(Duration.ZERO);
    }
  }

  /**
   * The producer, opened if there is none.
   *
   * @throws KafkaException when it cannot be opened; the next call tries again
   */
  final Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      open = factory.get();
      boolean ready = false;
      try {
        prepare(open);
        ready = true;
      } finally {
        if (!ready) {
          close(open, Duration.ZERO);
        }
      }
      producer = open;
    }
    return open;
  }

  /** The producer, or null while there is none. */
  final @Nullable Producer<byte[], byte[]> current() {
    return producer;
  }

  /** What a new producer needs before its first record. A failure closes it. */
  void prepare(Producer<byte[], byte[]> fresh) {}

  /** The next record gets a new producer. */
  final void replace(Throwable why) {
    LOG.warn("{}: the producer is of no more use and will be replaced: {}", name, why.toString());
    discard(Duration.ZERO);
  }

  /** Closes the producer without a word: what it had not sent is lost. */
  final void discard(Duration wait) {
    Producer<byte[], byte[]> old = producer;
    producer = null;
    if (old != null) {
      close(old, wait);
    }
  }

  private void close(Producer<byte[], byte[]> old, Duration wait) {
    try {
      old.close(wait);
    } catch (RuntimeException e) {
      LOG.debug("{}: closing failed", name, e);
    }
  }

  /** Nothing further is begun. */
  final void stop() {
    closed = true;
  }

  /**
   * Waits for what is being sent, then interrupts it: an interrupted sending fails although Kafka
   * may have it. Blocks for seconds: not on an event loop.
   */
  final void close() {
    stop();
    try {
      thread.join(FINISH_MAX.toMillis());
      thread.interrupt();
      thread.join(2 * CLOSE_MAX.toMillis());
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    for (Sending left = queue.poll(); left != null; left = queue.poll()) {
      left.failed(new Unavailable("the node is stopping"));
    }
  }
}
