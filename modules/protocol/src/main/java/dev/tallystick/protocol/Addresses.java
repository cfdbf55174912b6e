package dev.tallystick.protocol;

import dev.tallystick.core.model.MismatchType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Event-bus addresses. Those of a node's inside are registered with {@code localConsumer} and
 * addressed with {@link Messages#LOCAL}. News cross the cluster; each node's bridge hears them and
 * tells its own browsers, again with {@link Messages#LOCAL}.
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

  /**
   * One message per commit and partition, published to the cluster: {@code
   * {"reconciliation","partition","notices":[{"seq","type","payload"}]}}; the payload is the JSON
   * text that browsers get.
   */
  public static final String NEWS_MISMATCHES = "news.mismatches";

  /**
   * One message per commit and partition, published to the cluster: {@code
   * {"reconciliation","partition","written","items":[…]}}; at most ten items, newest first.
   */
  public static final String NEWS_TRANSACTIONS = "news.transactions";

  /**
   * Every change of a mismatch, for browsers (contracts, section 4). Like all addresses of {@link
   * #BROWSER} it carries JSON as text, written once for all sockets of a node.
   */
  public static final String MISMATCHES = "mismatches";

  /** Rows written, for browsers, at most four messages a second. */
  public static final String TRANSACTIONS = "transactions";

  /** Figures, for browsers, each second. */
  public static final String KPI = "kpi";

  /** Alerts, for browsers. */
  public static final String ALERTS = "alerts";

  /** Nodes and partitions, for browsers. */
  public static final String CLUSTER = "cluster";

  /** All that a browser may subscribe to; there is no other. */
  public static final List<String> BROWSER =
      Stream.concat(
              Stream.of(MISMATCHES, TRANSACTIONS, KPI, ALERTS, CLUSTER),
              Arrays.stream(MismatchType.values()).map(Addresses::mismatches))
          .toList();

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
