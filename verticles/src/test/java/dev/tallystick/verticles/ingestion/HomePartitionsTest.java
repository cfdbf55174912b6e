package dev.tallystick.verticles.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.definition.DefinitionReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class HomePartitionsTest {

  private static final String DEFINITION =
      """
      name: pair
      version: 1
      match-key: txn_id
      partitions: 8
      sources:
        - {name: gateway, topic: gateway_txns, sla: 60s}
        - {name: bank, topic: bank_txns, sla: 60s, partitioner: other}
      """;

  private final Reconciliation pair = DefinitionReader.read("pair.yaml", DEFINITION);
  private final HomePartitions homes = new HomePartitions(new Rulebook(List.of(pair)));

  private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, byte[] key) {
    return new ConsumerRecord<>(topic, partition, 7, key, new byte[0]);
  }

  @Test
  void aKeyInAnotherPartitionThanItsOwnIsSaid() {
    byte[] key = "TXN1".getBytes(StandardCharsets.UTF_8);
    int home = Utils.toPositive(Utils.murmur2(key)) % 8;
    int other = (home + 1) % 8;

    assertThat(homes.stray(record("gateway_txns", home, key))).isNull();
    assertThat(homes.stray(record("gateway_txns", other, key)))
        .startsWith(
            "topic gateway_txns partition %d offset 7: key \"TXN1\" belongs to partition %d;"
                .formatted(other, home));
    assertThat(homes.stray(record("bank_txns", other, key))).as("partitioner: other").isNull();
  }
}
