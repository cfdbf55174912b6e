package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Commit.ArchiveSlice;
import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.engine.Commit.StatisticsKey;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges candidates and makes a commit of those that have something to say. Everything in it is
 * computed from (row as expected → row as written), and thrown away with it unless it is answered
 * Committed: after a Conflict it is all computed anew (protocol, section 5).
 */
final class CommitBuilder {

  /** Which transactions a commit is about, and the time they are judged at. */
  static final class Scope {
    final Set<OpenTransaction> candidates = new LinkedHashSet<>();
    final Set<OpenTransaction> due = new LinkedHashSet<>();
    final Set<OpenTransaction> forced = new LinkedHashSet<>();
    final Set<OpenTransaction> aged = new LinkedHashSet<>();
    long judgeMs = Event.NONE;
    private final List<List<OpenTransaction>> later = new ArrayList<>();
    private boolean partial;

    /** The same transactions and no others, at the same time. */
    Scope again(List<OpenTransaction> transactions) {
      Scope again = new Scope();
      again.candidates.addAll(transactions);
      again.aged.addAll(transactions);
      again.judgeMs = judgeMs;
      again.later.addAll(later);
      again.partial = partial;
      return again;
    }

    /** To find the one that is refused: one half now, the other after it. */
    Scope halved() {
      List<OpenTransaction> all = List.copyOf(candidates);
      Scope half = again(all.subList(0, all.size() / 2));
      half.later.addFirst(all.subList(all.size() / 2, all.size()));
      half.partial = true;
      return half;
    }

    /** What a halving left for later; null when there is nothing. */
    @Nullable Scope rest() {
      if (later.isEmpty()) {
        return null;
      }
      Scope rest = again(later.getFirst());
      rest.later.removeFirst();
      rest.partial = !rest.later.isEmpty();
      return rest;
    }
  }

  /** A commit under way; {@code transactions} run parallel to its writes. */
  record Draft(Commit commit, List<OpenTransaction> transactions, Scope scope) {}

  /**
   * What the engine knows when it builds.
   *
   * @param materializeBornMs fresh ones born at or before it become rows
   */
  record Situation(
      long epoch,
      long attempt,
      long seq,
      long publishedTo,
      long storedPublishedTo,
      long storedWatermarkMs,
      boolean draining,
      long materializeBornMs,
      int maxEvents) {}

  private static final long MINUTE_MS = 60_000;

  private final String reconciliation;
  private final int partition;
  private final Rulebook rulebook;

  CommitBuilder(String reconciliation, int partition, Rulebook rulebook) {
    this.reconciliation = reconciliation;
    this.partition = partition;
    this.rulebook = rulebook;
  }

  /**
   * @param patient whether a commit without transactions may wait
   * @return null when there is nothing to make durable now
   */
  @Nullable Draft build(
      Scope scope,
      Situation situation,
      OpenTransactions memory,
      Collection<SourceCursor> cursors,
      List<DeadLetter> deadLetters,
      boolean patient) {
    List<OpenTransaction> transactions = new ArrayList<>();
    List<TransactionWrite> writes = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    Map<StatisticsKey, Integer> statistics = new LinkedHashMap<>();
    int events = 0;
    long seq = situation.seq();
    for (OpenTransaction open : scope.candidates.stream().sorted(OpenTransaction.BY_KEY).toList()) {
      Verdict verdict = judge(open, scope, memory);
      if (!isDue(open, verdict, scope, situation, memory)) {
        continue;
      }
      TransactionRow row = open.row(verdict);
      for (Changes.Unnumbered change : Changes.between(open.written(), verdict)) {
        changes.add(
            new Change(
                ++seq,
                change.kind(),
                open.txnId,
                verdict.state(),
                verdict.label(),
                row.version(),
                change.mismatch()));
      }
      count(statistics, open.written(), -1);
      count(statistics, verdict, 1);
      events += open.unwrittenCount();
      transactions.add(open);
      writes.add(
          new TransactionWrite(
              open.version(),
              row,
              Changes.written(open.written(), verdict),
              Changes.removed(open.written(), verdict)));
    }
    Map<String, SourceProgress> progress = new LinkedHashMap<>();
    boolean moved = situation.publishedTo() > situation.storedPublishedTo();
    Set<OpenTransaction> written = new HashSet<>(transactions);
    for (SourceCursor cursor : cursors) {
      SourceProgress at = cursor.progress(written::contains);
      progress.put(cursor.name, at);
      moved |= cursor.hasProgress() || at.position() > cursor.storedPosition();
    }
    boolean timeMoves = !scope.partial && scope.judgeMs > situation.storedWatermarkMs();
    boolean urgent = !writes.isEmpty() || !deadLetters.isEmpty();
    if (!urgent && (patient || !(moved || timeMoves))) {
      return null;
    }
    transactions.forEach(memory::depart);
    List<ArchiveSlice> archive = new ArrayList<>();
    for (SourceCursor cursor : cursors) {
      List<RawRecord> records = cursor.archive();
      if (!records.isEmpty()) {
        archive.add(new ArchiveSlice(cursor.name, records));
      }
    }
    Commit commit =
        new Commit(
            reconciliation,
            partition,
            situation.epoch(),
            situation.attempt(),
            progress,
            timeMoves ? scope.judgeMs : Event.NONE,
            writes,
            changes,
            seq,
            situation.publishedTo(),
            List.copyOf(deadLetters),
            archive,
            statistics,
            events);
    return new Draft(commit, transactions, scope);
  }

  /** What a durable commit has to tell the world. */
  List<Notice> notices(Commit commit, long committedAtMs) {
    return commit.changes().stream()
        .map(
            change ->
                new Notice(
                    change.seq(),
                    change.mismatch().type(),
                    MismatchJson.of(reconciliation, partition, change, committedAtMs)))
        .toList();
  }

  private Verdict judge(OpenTransaction open, Scope scope, OpenTransactions memory) {
    Verdict written = open.written();
    List<String> ticked = written == null ? List.of() : written.ticked();
    Verdict verdict = Reconciler.judge(open.events(), rulebook, scope.judgeMs, ticked);
    memory.deadline(open, verdict.nextDeadlineMs());
    return verdict;
  }

  /** Whether the transaction is written now; if not, it is put where it belongs. */
  private static boolean isDue(
      OpenTransaction open,
      Verdict verdict,
      Scope scope,
      Situation situation,
      OpenTransactions memory) {
    boolean news = open.hasUnwritten() || !verdict.equals(open.written());
    if (open.version() > 0 && !news) {
      if (scope.due.contains(open)) {
        throw new InvariantViolation(
            "txn_id %s was due below %d and is judged unchanged"
                .formatted(open.txnId, scope.judgeMs));
      }
      memory.rest(open);
      return false;
    }
    boolean forced = scope.forced.contains(open) && !situation.draining();
    if (open.version() == 0 && verdict.state() == State.PENDING) {
      boolean materialize =
          forced
              || scope.aged.contains(open)
              || situation.draining()
              || open.bornMs <= situation.materializeBornMs()
              || open.unwrittenCount() >= situation.maxEvents();
      if (!materialize) {
        memory.rest(open);
        return false;
      }
    }
    // Time was proven further than we can judge yet (after a claim): written now, the row would
    // contradict the stored watermark. It keeps its place and holds the position.
    long deadlineMs = verdict.nextDeadlineMs();
    if (deadlineMs != Event.NONE && deadlineMs < situation.storedWatermarkMs() && !forced) {
      memory.touch(open);
      return false;
    }
    return true;
  }

  private static void count(
      Map<StatisticsKey, Integer> statistics, @Nullable Verdict verdict, int by) {
    if (verdict == null) {
      return;
    }
    long firstMs = verdict.firstArrivalMs();
    long minuteMs =
        firstMs == Event.NONE ? Event.NONE : firstMs - Math.floorMod(firstMs, MINUTE_MS);
    StatisticsKey key = new StatisticsKey(minuteMs, verdict.state(), verdict.worst());
    statistics.merge(key, by, Integer::sum);
    statistics.remove(key, 0);
  }
}
