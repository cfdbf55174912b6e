package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.oracle.LogRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The log through a plain consumer: assigned, sought, in no group. It reads committed records only,
 * as the engine does: what an aborted transaction left behind is no event.
 */
public final class KafkaLog implements Log {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long STALL_NS = 30_000_000_000L;

  private final KafkaConsumer<byte[], byte[]> consumer;

  public KafkaLog(String bootstrap) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public long start(String topic, int partition) {
    TopicPartition place = new TopicPartition(topic, partition);
    Map<TopicPartition, Long> starts =
        consumer.beginningOffsets(List.of(place), Duration.ofSeconds(30));
    Long start = starts.get(place);
    if (start == null) {
      throw new IllegalStateException("Kafka does not know " + place);
    }
    return start;
  }

  @Override
  public void read(String topic, int partition, long from, long to, Consumer<LogRecord> each) {
    if (from >= to) {
      return;
    }
    TopicPartition place = new TopicPartition(topic, partition);
    consumer.assign(List.of(place));
    consumer.seek(place, from);
    long position = from;
    long movedNs = System.nanoTime();
    while (position < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          each.accept(read(record));
        }
      }
      long now = consumer.position(place);
      if (now > position) {
        position = now;
        movedNs = System.nanoTime();
      } else if (System.nanoTime() - movedNs > STALL_NS) {
        throw new IllegalStateException(
            place + " ends at " + position + ", below the stored position " + to);
      }
    }
  }

  private static LogRecord read(ConsumerRecord<byte[], byte[]> record) {
    List<LogRecord.Header> headers = new ArrayList<>();
    record
        .headers()
        .forEach(header -> headers.add(new LogRecord.Header(header.key(), header.value())));
    return new LogRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        headers.isEmpty() ? List.of() : headers);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
