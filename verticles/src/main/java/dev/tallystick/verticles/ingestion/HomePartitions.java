package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.protocol.Partitions;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether records are in the partition that their key belongs to (architecture, section 9). If one
 * is not, the events of a transaction lie in several partitions, and nothing can be right.
 */
final class HomePartitions {

  private final int partitions;
  private final Set<String> uncheckedTopics = new HashSet<>();

  HomePartitions(Rulebook rulebook) {
    partitions = rulebook.newest().partitions();
    rulebook
        .topics()
        .forEach(
            (source, topic) -> {
              SourceRule rule = rulebook.source(source);
              if (rule != null && rule.otherPartitioner()) {
                uncheckedTopics.add(topic);
              }
            });
  }

  /** Null, or one line that says what lies where and belongs elsewhere. */
  @Nullable String stray(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] key = record.key();
    if (key == null || uncheckedTopics.contains(record.topic())) {
      return null;
    }
    int home = Partitions.of(key, partitions);
    if (home == record.partition()) {
      return null;
    }
    return ("topic %s partition %d offset %d: key \"%s\" belongs to partition %d; the producer uses"
            + " another partitioner (definition: partitioner: other)")
        .formatted(record.topic(), record.partition(), record.offset(), RawRecords.text(key), home);
  }
}
