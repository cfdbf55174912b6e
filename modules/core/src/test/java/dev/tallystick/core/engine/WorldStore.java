package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.engine.Commit.StatisticsKey;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/** PostgreSQL of a world. It checks what must hold at every commit, not only at the end. */
@NullUnmarked // a world is closed: every name it looks up is one it put there
final class WorldStore {

  /** A broken promise of the protocol. */
  static final class Violation extends RuntimeException {
    Violation(String message) {
      super(message);
    }
  }

  final WorldLog log;
  final Rulebook rulebook;
  final Map<String, TransactionRow> rows = new TreeMap<>();
  final Map<Long, Change> outbox = new TreeMap<>();
  final Map<StatisticsKey, Integer> statistics = new HashMap<>();
  final Set<String> dead = new HashSet<>();
  final List<String> archive = new ArrayList<>();
  final Map<String, SourcePosition> positions = new TreeMap<>();
  final Map<String, Integer> counts = new TreeMap<>();
  long epoch;
  long seq;
  long publishedTo;
  long watermarkMs = Event.NONE;

  WorldStore(WorldLog log, Rulebook rulebook) {
    this.log = log;
    this.rulebook = rulebook;
    WorldLog.SOURCES.forEach(source -> positions.put(source, new SourcePosition(0, 0)));
  }

  private void happened(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Claim claim() {
    epoch++;
    List<Notice> unpublished =
        outbox.values().stream()
            .filter(change -> change.seq() > publishedTo)
            .map(change -> new Notice(change.seq(), change.mismatch().type(), text(change)))
            .toList();
    return new Claim(epoch, Map.copyOf(positions), seq, publishedTo, watermarkMs, unpublished);
  }

  static String text(Change change) {
    return dev.tallystick.core.engine.MismatchJson.of("world", 0, change, 0);
  }

  List<TransactionRow> due(int limit) {
    return rows.values().stream()
        .filter(row -> row.verdict().nextDeadlineMs() != Event.NONE)
        .sorted(
            Comparator.comparingLong((TransactionRow row) -> row.verdict().nextDeadlineMs())
                .thenComparing(TransactionRow::txnId))
        .limit(limit)
        .toList();
  }

  CommitAnswer execute(Commit commit) {
    if (commit.epoch() != epoch) {
      happened("fenced");
      return new CommitAnswer.Fenced(epoch);
    }
    Map<String, Optional<TransactionRow>> conflicts = new TreeMap<>();
    for (TransactionWrite write : commit.writes()) {
      TransactionRow stored = rows.get(write.row().txnId());
      if ((stored == null ? 0 : stored.version()) != write.expectedVersion()) {
        conflicts.put(write.row().txnId(), Optional.ofNullable(stored));
      }
    }
    if (!conflicts.isEmpty()) {
      happened("conflict");
      return new CommitAnswer.Conflict(conflicts);
    }
    apply(commit);
    happened("commit");
    verifyNow();
    return new CommitAnswer.Committed(0);
  }

  private void apply(Commit commit) {
    commit.deadLetters().forEach(letter -> dead.add(letter.source() + letter.raw().offset()));
    for (TransactionWrite write : commit.writes()) {
      rows.put(write.row().txnId(), write.row());
      checkPrefix(write.row());
    }
    commit
        .archive()
        .forEach(
            slice -> {
              for (RawRecord raw : slice.records()) {
                archive.add(slice.source() + raw.offset());
              }
            });
    for (Map.Entry<String, SourceProgress> moved : commit.progress().entrySet()) {
      SourcePosition was = positions.get(moved.getKey());
      SourceProgress now = moved.getValue();
      if (now.position() < was.position() || now.archivedTo() < was.archivedTo()) {
        throw new Violation("BACKWARDS " + moved.getKey());
      }
      positions.put(moved.getKey(), new SourcePosition(now.position(), now.archivedTo()));
    }
    for (Change change : commit.changes()) {
      if (outbox.put(change.seq(), change) != null || change.seq() != ++seq) {
        throw new Violation("SEQ " + change.seq());
      }
    }
    if (commit.seq() != seq) {
      throw new Violation("SEQ stored " + commit.seq() + " after " + seq);
    }
    publishedTo = commit.publishedTo();
    watermarkMs = Math.max(watermarkMs, commit.watermarkMs());
    commit.statistics().forEach((key, by) -> statistics.merge(key, by, Integer::sum));
    statistics.values().removeIf(count -> count == 0);
  }

  /** A row holds, per source, exactly all events of its transaction up to its highest offset. */
  private void checkPrefix(TransactionRow row) {
    for (Map.Entry<String, Tally> tally : row.tallies().entrySet()) {
      Set<String> identities = new HashSet<>();
      int redelivered = 0;
      List<Event> want = new ArrayList<>();
      for (WorldLog.Slot slot : log.slots.get(tally.getKey())) {
        if (slot.reading() instanceof Reading.Taken(RawRecord raw, Event event)
            && event.txnId().equals(row.txnId())
            && raw.offset() <= tally.getValue().seenTo()
            && !dead.contains(event.source() + raw.offset())) {
          if (identities.add(event.eventId() + event.content())) {
            want.add(event);
          } else {
            redelivered++;
          }
        }
      }
      List<Event> has =
          row.events().stream().filter(event -> event.source().equals(tally.getKey())).toList();
      if (!has.equals(want) || redelivered != tally.getValue().redeliveries()) {
        throw new Violation("PREFIX " + row.txnId() + " " + tally);
      }
    }
  }

  /** Nothing below a position is lost, and each row says what its events say at the stored time. */
  private void verifyNow() {
    for (String source : WorldLog.SOURCES) {
      long position = positions.get(source).position();
      for (WorldLog.Slot slot : log.slots.get(source)) {
        if (slot.reading() instanceof Reading.Taken(RawRecord raw, Event event)
            && raw.offset() < position
            && !dead.contains(source + raw.offset())) {
          TransactionRow row = rows.get(event.txnId());
          Tally tally = row == null ? null : row.tallies().get(source);
          if (tally == null || tally.seenTo() < raw.offset()) {
            throw new Violation("LOST " + event.txnId() + " " + source + raw.offset());
          }
        }
      }
    }
    for (TransactionRow row : rows.values()) {
      Verdict want = Reconciler.judge(row.events(), rulebook, watermarkMs, List.of());
      if (!sameContent(want, row.verdict())) {
        throw new Violation(
            "VERIFY " + row.txnId() + " at " + watermarkMs + ": " + row.verdict() + " for " + want);
      }
    }
  }

  /** Which ticks a row remembers is its journey, not its content. */
  static boolean sameContent(Verdict a, Verdict b) {
    return withoutTicks(a).equals(withoutTicks(b));
  }

  private static Verdict withoutTicks(Verdict verdict) {
    return new Verdict(
        verdict.state(),
        verdict.label(),
        verdict.worst(),
        verdict.mismatches(),
        verdict.firstArrivalMs(),
        verdict.nextDeadlineMs(),
        verdict.ruleVersion(),
        List.of(),
        verdict.amountMinor(),
        verdict.currency());
  }
}
