package dev.tallystick.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Where a match key belongs: the partition that Kafka's own producers choose for a record with this
 * key (architecture, section 9), hence also the owner who is to be asked about it. Written out here
 * because a bus address must not need a Kafka client; {@code PartitionsProperty} compares it with
 * Kafka's.
 */
public final class Partitions {

  private static final int SEED = 0x9747b28c;
  private static final int MIX = 0x5bd1e995;
  private static final int SHIFT = 24;

  private Partitions() {}

  /**
   * @param count of the topic's partitions, at least 1
   * @return 0 to count − 1
   */
  public static int of(String key, int count) {
    return of(key.getBytes(StandardCharsets.UTF_8), count);
  }

  /**
   * @param key a record's key, UTF-8
   */
  public static int of(byte[] key, int count) {
    return (murmur2(key) & Integer.MAX_VALUE) % count;
  }

  /** MurmurHash2, 32 bits, little-endian, with Kafka's seed. */
  private static int murmur2(byte[] data) {
    int hash = SEED ^ data.length;
    int whole = data.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int word = (data[i] & 0xff) | (data[i + 1] & 0xff) << 8;
      word |= (data[i + 2] & 0xff) << 16 | (data[i + 3] & 0xff) << 24;
      word *= MIX;
      word ^= word >>> SHIFT;
      word *= MIX;
      hash *= MIX;
      hash ^= word;
    }
    if (whole < data.length) {
      for (int i = data.length - 1; i >= whole; i--) {
        hash ^= (data[i] & 0xff) << (8 * (i - whole));
      }
      hash *= MIX;
    }
    hash ^= hash >>> 13;
    hash *= MIX;
    hash ^= hash >>> 15;
    return hash;
  }
}
