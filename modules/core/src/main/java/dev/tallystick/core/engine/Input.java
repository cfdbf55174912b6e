package dev.tallystick.core.engine;

import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import java.util.List;

/** All that can happen to a partition. */
public sealed interface Input {

  /** The partition is ours: epoch, positions and what is still to be published. */
  record Claimed(Claim claim) implements Input {}

  /**
   * Records of one source, in order, and the time they prove.
   *
   * @param epoch of the claim they were read under
   * @param from consumer position before; must be what was absorbed
   * @param to consumer position after (control, aborted and filtered records lie in between)
   * @param timeMs every record of the source with a lower timestamp is below {@code to}; {@link
   *     dev.tallystick.core.model.Event#NONE} when unknown
   */
  record Batch(long epoch, String source, long from, long to, List<Reading> readings, long timeMs)
      implements Input {}

  /**
   * Elapsed time; decides when rows appear, never what they say.
   *
   * @param elapsedMs since any fixed moment, never going back
   */
  record Tick(long elapsedMs) implements Input {}

  /** The answer to the commit with that attempt number. */
  record Answered(long attempt, CommitAnswer answer) implements Input {}

  /**
   * The stored rows with the earliest deadlines, earliest first.
   *
   * @param full the limit cut the list
   */
  record DueRows(List<TransactionRow> rows, boolean full) implements Input {}

  /** The query for due rows failed; it is asked again. */
  record DueFailed() implements Input {}

  /** Everything up to {@code seq} has been published. */
  record Published(long seq) implements Input {}

  /** Absorb nothing more, make durable what is worth it, then stop. */
  record Drain() implements Input {}
}
