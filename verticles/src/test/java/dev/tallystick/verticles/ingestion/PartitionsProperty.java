package dev.tallystick.verticles.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.protocol.Partitions;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.utils.Utils;

/** Whoever asks about a key asks the owner of the partition that Kafka's producer chose. */
class PartitionsProperty {

  @Property
  void aKeyBelongsWhereKafkasProducerPutsIt(
      @ForAll byte[] key, @ForAll @IntRange(min = 1, max = 1_000) int count) {
    assertThat(Partitions.of(key, count))
        .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % count)
        .isBetween(0, count - 1);
  }
}
