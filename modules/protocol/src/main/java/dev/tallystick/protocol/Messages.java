package dev.tallystick.protocol;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.SourcePosition;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Map;

/** The messages that stay on a node. */
public final class Messages {

  /** Delivery that never leaves the node, for what is answered at once. */
  public static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setSendTimeout(2_000);

  /**
   * For what may queue up behind other work on the node: batches, claims, commits. A receiver that
   * is not there fails the request at once, whatever the timeout; one that is behind would only be
   * set back further by a repetition. The database ends its statements by itself long before.
   */
  public static final DeliveryOptions LOCAL_PATIENT =
      new DeliveryOptions().setLocalOnly(true).setSendTimeout(30_000);

  /** Failure code of a claim that repeating will not help. */
  public static final int CLAIM_REFUSED = 1;

  /** Failure code of a commit that no correct engine would have sent. */
  public static final int OWN_BUG = 3;

  /** Failure code of a commit that may or may not have been done. */
  public static final int OUTCOME_UNKNOWN = 4;

  /** Failure code of what may succeed when it is tried again. */
  public static final int TRY_AGAIN = 2;

  /**
   * Records of one source and the time they prove; what {@link
   * dev.tallystick.core.engine.Input.Batch} is before decoding.
   */
  public record RecordBatch(
      long epoch, String source, long from, long to, List<RawRecord> records, long timeMs) {}

  /**
   * @param absorbed where the source stands now: another place than the batch's {@code to} means go
   *     on reading there
   * @param accepting whether more records are welcome
   */
  public record BatchTaken(long absorbed, boolean accepting) {}

  /**
   * Where a source begins that the partition does not know yet.
   *
   * @param topicId Kafka's id of the topic
   * @param logStart first offset to read
   */
  public record Start(String source, String topic, String topicId, long logStart) {}

  /** Claim a partition for this node. */
  public record ClaimOrder(String reconciliation, int partition, List<Start> starts) {}

  /** Read the rows that have a deadline, earliest first. */
  public record DueOrder(String reconciliation, int partition, int limit) {}

  public record DueAnswer(List<TransactionRow> rows, boolean full) {}

  /** The earliest deadline of a partition; replaces the one armed before. */
  public record Deadline(String reconciliation, int partition, long deadlineMs) {}

  /**
   * @param elapsedMs since the node started
   */
  public record Ticked(long elapsedMs) {}

  /** What a partition and the timers tell ingestion. */
  public sealed interface ToIngestion {
    int partition();
  }

  /** The partition is claimed: read from there. */
  public record PartitionReady(int partition, long epoch, Map<String, SourcePosition> positions)
      implements ToIngestion {}

  /**
   * The partition's actor has ended.
   *
   * @param again whether a new claim makes sense
   */
  public record PartitionStopped(int partition, boolean again, String detail)
      implements ToIngestion {}

  /** Records are welcome again. */
  public record RoomAgain(int partition) implements ToIngestion {}

  /** A deadline has passed by the clock: proof of log time is wanted now. */
  public record TimeWanted(int partition) implements ToIngestion {}

  private static final List<Class<?>> ALL =
      List.of(
          RecordBatch.class,
          BatchTaken.class,
          ClaimOrder.class,
          Claim.class,
          Commit.class,
          CommitAnswer.Committed.class,
          CommitAnswer.Conflict.class,
          CommitAnswer.Fenced.class,
          CommitAnswer.Refused.class,
          CommitAnswer.Unknown.class,
          DueOrder.class,
          DueAnswer.class,
          Deadline.class,
          Ticked.class,
          PartitionReady.class,
          PartitionStopped.class,
          RoomAgain.class,
          TimeWanted.class);

  private Messages() {}

  /** Makes a bus carry these messages; once per Vert.x. */
  public static void register(EventBus bus) {
    ALL.forEach(type -> LocalCodec.register(bus, type));
  }
}
