package dev.tallystick.verticles.ingest;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Events that came alone: handed over one after the other, acknowledged whenever Kafka does. */
final class SingleLane extends SendLane {

  /** Which producer: those it had not sent fail once more when it is closed. */
  private record Broken(Producer<byte[], byte[]> producer, Exception why) {}

  /** Set by Kafka's thread, which must not close a producer itself. */
  private volatile @Nullable Broken broken;

  SingleLane(
      String name, BlockingQueue<Sending> queue, Supplier<Producer<byte[], byte[]>> factory) {
    super(name, queue, factory);
  }

  @Override
  void send(Sending sending) {
    Broken seen = broken;
    if (seen != null && seen.producer().equals(current())) {
      replace(seen.why());
    }
    try {
      Producer<byte[], byte[]> producer = producer();
      var _ = // the callback hears it
          producer.send(
              sending.records().getFirst(),
              (place, failure) -> {
                if (failure == null) {
                  sending.done(List.of(place));
                  return;
                }
                if (Fault.of(failure) == Fault.PRODUCER) {
                  broken = new Broken(producer, failure);
                }
                sending.failed(failure);
              });
    } catch (InterruptException e) {
      sending.failed(new Unavailable("the node is stopping"));
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      sending.failed(e);
      if (Fault.of(e) == Fault.PRODUCER) {
        replace(e);
      }
    }
  }
}
