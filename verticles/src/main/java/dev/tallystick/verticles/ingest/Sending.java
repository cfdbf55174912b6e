package dev.tallystick.verticles.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Records on their way to Kafka, and who waits for them. Answered once, on the context it came
 * from, by whichever thread is first.
 */
final class Sending {

  /** Queued for longer, it is not begun: the caller would have to wait for too long. */
  private static final long QUEUED_MAX_NANOS = 3_000_000_000L;

  /** After this long no further step is taken for it. */
  private static final long DONE_AFTER_NANOS = 8_000_000_000L;

  private final List<ProducerRecord<byte[], byte[]>> records;
  private final Context context;
  private final long sinceNanos = System.nanoTime();
  private final Promise<List<RecordMetadata>> promise = Promise.promise();

  Sending(List<ProducerRecord<byte[], byte[]>> records, Context context) {
    this.records = records;
    this.context = context;
  }

  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Where each record lies, in the order of the records. */
  Future<List<RecordMetadata>> answer() {
    return promise.future();
  }

  boolean isStale() {
    return System.nanoTime() - sinceNanos > QUEUED_MAX_NANOS;
  }

  /** Zero or less: the time is over. */
  long leftNanos() {
    return DONE_AFTER_NANOS - (System.nanoTime() - sinceNanos);
  }

  void done(List<RecordMetadata> places) {
    context.runOnContext(now -> promise.tryComplete(places));
  }

  void failed(Throwable failure) {
    context.runOnContext(now -> promise.tryFail(failure));
  }
}
