package dev.tallystick.verticles.ingest;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Producers whose every wait has an end. The user's properties come first and cannot change what
 * the answer to a caller depends on.
 */
final class Producers {

  /** For metadata, for memory, and for each step of a transaction. */
  static final int BLOCK_MAX_MS = 2_000;

  /** From handing over to acknowledgement. */
  static final int DELIVERY_MAX_MS = 5_000;

  /** After this the broker ends a transaction whose producer is gone, and readers go on. */
  private static final int TRANSACTION_MAX_MS = 10_000;

  private static final int REQUEST_MAX_MS = 2_000;

  /** What topics of ours allow; the largest body is as long. */
  private static final int REQUEST_MAX_BYTES = (4 << 20) + (1 << 16);

  private static final long BUFFER_SINGLE_BYTES = 32L << 20;
  private static final long BUFFER_TRANSACTION_BYTES = 16L << 20;

  private Producers() {}

  static Producer<byte[], byte[]> single(Map<String, Object> kafka) {
    Map<String, Object> all = common(kafka);
    all.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_SINGLE_BYTES);
    return open(all);
  }

  static Producer<byte[], byte[]> transactional(Map<String, Object> kafka, String id) {
    Map<String, Object> all = common(kafka);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MAX_MS);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_TRANSACTION_BYTES);
    return open(all);
  }

  private static Map<String, Object> common(Map<String, Object> kafka) {
    Map<String, Object> all = new HashMap<>(kafka);
    // The engine looks for a key where the default partitioner puts it.
    all.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    all.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
    all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MAX_MS);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MAX_MS);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MAX_MS);
    all.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_MAX_BYTES);
    return all;
  }

  private static Producer<byte[], byte[]> open(Map<String, Object> all) {
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
