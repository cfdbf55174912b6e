package dev.tallystick.core.engine;

import dev.tallystick.core.model.TransactionRow;
import java.util.Map;
import java.util.Optional;

/** What PostgreSQL said to a commit (protocol, section 6). */
public sealed interface CommitAnswer {

  /**
   * Durable.
   *
   * @param committedAtMs the time written with the rows, by the writer's clock
   */
  record Committed(long committedAtMs) implements CommitAnswer {}

  /**
   * Nothing was written; these rows are not as expected.
   *
   * @param rows by match key, all that conflict; empty where the row expected is not there
   */
  record Conflict(Map<String, Optional<TransactionRow>> rows) implements CommitAnswer {}

  /** Nothing was written; another owner has claimed the partition. */
  record Fenced(long storedEpoch) implements CommitAnswer {}

  /**
   * Known not done.
   *
   * @param transientCause the server, not the data: the same may be tried again later
   */
  record Refused(boolean transientCause, String reason) implements CommitAnswer {}

  /** The connection was lost after COMMIT was sent: neither success nor failure. */
  record Unknown(String reason) implements CommitAnswer {}
}
