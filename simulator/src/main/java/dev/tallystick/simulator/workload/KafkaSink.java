package dev.tallystick.simulator.workload;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An idempotent producer that waits for all replicas and never gives up on its own: a broker that
 * is away is waited for.
 */
public final class KafkaSink implements RecordSink {

  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;

  public KafkaSink(String bootstrap) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, "65536");
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void send(
      String topic,
      String key,
      byte[] value,
      LongConsumer acknowledged,
      Consumer<Exception> failed) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    var _ =
        producer.send(
            new ProducerRecord<>(topic, keyBytes, value),
            (metadata, cause) -> {
              if (cause == null) {
                acknowledged.accept(metadata.timestamp());
              } else {
                failed.accept(cause);
              }
            });
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
