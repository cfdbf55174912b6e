package dev.tallystick.core.engine;

import java.util.List;

/** All that a partition asks of the world. */
public sealed interface Output {

  /** Claim the partition; answered by {@link Input.Claimed}. */
  record RequestClaim() implements Output {}

  /** Execute; answered by {@link Input.Answered}. At most one is open. */
  record Write(Commit commit) implements Output {}

  /**
   * Read the stored rows that have a deadline, earliest first; answered by {@link Input.DueRows} or
   * {@link Input.DueFailed}.
   */
  record QueryDue(int limit) implements Output {}

  /** Publish in this order, then say {@link Input.Published}. */
  record Publish(List<Notice> notices) implements Output {}

  /** A deadline lies at that time: proof is wanted when the clock has passed it. */
  record WantTime(long deadlineMs) implements Output {}

  /** A batch did not continue what was absorbed: go on reading at {@code position}. */
  record Rewind(String source, long position) implements Output {}

  /** The engine has ended; nothing more comes out of it. */
  record Stopped(Reason reason, String detail) implements Output {}

  /** Why it ended. */
  enum Reason {
    /** Asked to, and all is durable that should be. */
    DRAINED,
    /** Another owner has the partition. */
    FENCED,
    /** A commit's outcome is unknown: claim again, from what is stored. */
    UNKNOWN
  }
}
