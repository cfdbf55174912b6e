package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * How far one source of the partition is: read, archived, durable, and proven in time. Positions
 * are per event, not per transaction: a written transaction that got a new event holds the position
 * like a fresh one (protocol, section 1).
 */
final class SourceCursor {

  /** One absorbed record that must be durable before the stored position may pass it. */
  static final class Hold {
    final long offset;
    final OpenTransaction transaction;
    private boolean released;

    Hold(long offset, OpenTransaction transaction) {
      this.offset = offset;
      this.transaction = transaction;
    }

    void release() {
      released = true;
    }
  }

  private static final int COMPACT_MIN = 1_024;

  final String name;
  private final boolean keeps;
  private final Deque<Hold> holds = new ArrayDeque<>();
  private final List<RawRecord> unarchived = new ArrayList<>();
  private int compactAt = COMPACT_MIN;
  private long absorbed;
  private long storedPosition;
  private long archivedTo;
  private long timeMs = Event.NONE;
  private long addRead;
  private long addDead;
  private long addSkipped;

  SourceCursor(String name, SourcePosition start, boolean keeps) {
    this.name = name;
    this.keeps = keeps;
    this.absorbed = start.position();
    this.storedPosition = start.position();
    this.archivedTo = start.archivedTo();
  }

  /** The next offset to absorb. */
  long absorbed() {
    return absorbed;
  }

  /** Every record with a lower timestamp is absorbed; {@link Event#NONE}: unknown. */
  long timeMs() {
    return timeMs;
  }

  void advance(long to, long provenMs) {
    absorbed = to;
    timeMs = Math.max(timeMs, provenMs);
  }

  /** The stored position does not pass {@code hold} before it is released. */
  void add(Hold hold) {
    if (holds.size() >= compactAt) { // released ones may queue up behind one that is not
      holds.removeIf(held -> held.released);
      compactAt = Math.max(COMPACT_MIN, 2 * holds.size());
    }
    holds.addLast(hold);
  }

  /** Counts and keeps a record for the archive unless a former life did. */
  void account(RawRecord raw, boolean dead, boolean skipped) {
    if (raw.offset() < archivedTo) {
      return;
    }
    addRead++;
    addDead += dead ? 1 : 0;
    addSkipped += skipped ? 1 : 0;
    if (keeps) {
      unarchived.add(raw);
    }
  }

  /**
   * The position a commit may store.
   *
   * @param written whether the commit writes the transaction (as it stands in memory now)
   */
  SourceProgress progress(Predicate<OpenTransaction> written) {
    while (!holds.isEmpty() && holds.getFirst().released) {
      holds.removeFirst();
    }
    long position = absorbed;
    for (Hold hold : holds) {
      if (!hold.released && !written.test(hold.transaction)) {
        position = hold.offset;
        break;
      }
    }
    return new SourceProgress(
        position, Math.max(archivedTo, absorbed), addRead, addDead, addSkipped);
  }

  /** Raw records a commit archives: all that are buffered. */
  List<RawRecord> archive() {
    return List.copyOf(unarchived);
  }

  boolean hasProgress() {
    return absorbed > archivedTo;
  }

  /** The commit with that progress is durable. */
  void committed(SourceProgress progress) {
    if (progress.position() < storedPosition || progress.archivedTo() < archivedTo) {
      throw new InvariantViolation(
          "source %s: position went back from %d to %d or archive from %d to %d"
              .formatted(
                  name, storedPosition, progress.position(), archivedTo, progress.archivedTo()));
    }
    storedPosition = progress.position();
    archivedTo = progress.archivedTo();
    addRead -= progress.addRead();
    addDead -= progress.addDead();
    addSkipped -= progress.addSkipped();
    int archived = 0;
    while (archived < unarchived.size() && unarchived.get(archived).offset() < archivedTo) {
      archived++;
    }
    unarchived.subList(0, archived).clear();
  }

  long storedPosition() {
    return storedPosition;
  }
}
