package dev.tallystick.storage.postgres;

import java.util.Comparator;

/** One partition of one reconciliation; the order in which locks are taken. */
record PartitionKey(String reconciliation, int partition) implements Comparable<PartitionKey> {

  private static final Comparator<PartitionKey> ORDER =
      Comparator.comparing(PartitionKey::reconciliation).thenComparingInt(PartitionKey::partition);

  @Override
  public int compareTo(PartitionKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return reconciliation + "/" + partition;
  }
}
