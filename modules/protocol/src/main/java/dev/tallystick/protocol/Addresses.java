package dev.tallystick.protocol;

import dev.tallystick.core.model.MismatchType;
import java.util.Locale;

/**
 * Event-bus addresses. Those of a node's inside are registered with {@code localConsumer} and
 * addressed with {@link Messages#LOCAL}; the others cross the cluster and reach browsers.
 */
public final class Addresses {

  /**
   * {@link dev.tallystick.core.engine.Commit} → {@link dev.tallystick.core.engine.CommitAnswer}.
   */
  public static final String PERSISTENCE_COMMIT = "persistence.commit";

  /** {@link Messages.ClaimOrder} → {@link dev.tallystick.core.engine.Claim}. */
  public static final String PERSISTENCE_CLAIM = "persistence.claim";

  /** {@link Messages.DueOrder} → {@link Messages.DueAnswer}. */
  public static final String PERSISTENCE_DUE = "persistence.due";

  /** {@link Messages.Deadline}, sent. */
  public static final String TIMERS_ARM = "timers.arm";

  /** {@link Messages.Ticked}, published on the node. */
  public static final String TIMERS_TICK = "timers.tick";

  /** Every change of a mismatch, as JSON (contracts, section 4). */
  public static final String MISMATCHES = "mismatches";

  private Addresses() {}

  /**
   * {@link Messages.RecordBatch} → {@link Messages.BatchTaken}; this node's actor of a partition.
   */
  public static String partition(String reconciliation, int partition) {
    return "partition." + reconciliation + '.' + partition;
  }

  /** {@link Messages.ToIngestion}, sent; this node's ingestion of a reconciliation. */
  public static String ingestion(String reconciliation) {
    return "ingestion." + reconciliation;
  }

  /**
   * What the owner of a partition, on whichever node, knows of a transaction without a row: JSON
   * {@code {"txn_id"}} → JSON {@code {"events": text}}, in the form of the column {@code
   * transactions.events}; the text is null when it knows nothing.
   */
  public static String owner(String reconciliation, int partition) {
    return "reconciliation." + reconciliation + '.' + partition;
  }

  /** Changes of one type. */
  public static String mismatches(MismatchType type) {
    return MISMATCHES + '.' + type.name().toLowerCase(Locale.ROOT);
  }
}
