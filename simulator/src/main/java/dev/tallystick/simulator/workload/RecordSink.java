package dev.tallystick.simulator.workload;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Where the records go: Kafka, or a list in a test. Records of one key keep their order. */
public interface RecordSink extends AutoCloseable {

  /**
   * Sends one record; may wait while the broker is away.
   *
   * @param acknowledged told the record's timestamp in epoch milliseconds, on any thread
   * @param failed told the cause when the record was given up; it may be in the log all the same
   */
  void send(
      String topic,
      String key,
      byte[] value,
      LongConsumer acknowledged,
      Consumer<Exception> failed);

  @Override
  void close();
}
