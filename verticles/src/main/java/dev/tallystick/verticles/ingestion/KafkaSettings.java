package dev.tallystick.verticles.ingestion;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Client properties that the protocol depends on; the user's come first and cannot change them. */
final class KafkaSettings {

  private KafkaSettings() {}

  static Map<String, Object> consumer(IngestionSettings settings) {
    Map<String, Object> all = new HashMap<>();
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4_000);
    all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    // The classic protocol, whose session may be short: a dead node's partitions move in seconds.
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    all.putAll(settings.kafka());
    all.put(ConsumerConfig.GROUP_ID_CONFIG, "tallystick-" + settings.rulebook().name());
    all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    // The same partition numbers of all topics go to the same member.
    all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"); // a lost position is said, not skipped
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return all;
  }

  static Map<String, Object> admin(Map<String, Object> kafka) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    return all;
  }
}
