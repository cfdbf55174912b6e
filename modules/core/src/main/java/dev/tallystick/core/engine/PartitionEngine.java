package dev.tallystick.core.engine;

import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Conflict;
import dev.tallystick.core.engine.CommitAnswer.Fenced;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import dev.tallystick.core.engine.CommitAnswer.Unknown;
import dev.tallystick.core.engine.CommitBuilder.Draft;
import dev.tallystick.core.engine.CommitBuilder.Scope;
import dev.tallystick.core.engine.OpenTransaction.Absorbed;
import dev.tallystick.core.engine.OpenTransaction.Fallen;
import dev.tallystick.core.engine.Output.Reason;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition, sans I/O: absorbs batches, judges what they touched, and keeps one commit under
 * way (protocol page). It reads no clock: log time comes with the batches, elapsed time with the
 * ticks. Not thread-safe. An {@link InvariantViolation} out of {@link #handle} ends it.
 */
public final class PartitionEngine {

  /** Payload absorbed and not yet in a commit; past it the partition pauses. */
  private static final long COMMIT_BYTES_MAX = 64L << 20;

  private static final long BACK_OFF_FIRST_MS = 100;
  private static final long BACK_OFF_MAX_MS = 5_000;

  private enum Phase {
    CLAIMING,
    RUNNING,
    DRAINING,
    STOPPED
  }

  private final EngineSettings settings;
  private final OpenTransactions memory = new OpenTransactions();
  private final Map<String, SourceCursor> cursors = new LinkedHashMap<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final CommitBuilder builder;
  private final Horizon horizon;
  private Phase phase = Phase.CLAIMING;
  private long epoch;
  private long attempt;
  private long seq;
  private long publishedTo;
  private long storedPublishedTo;
  private long storedWatermarkMs = Event.NONE;
  private long elapsedMs;
  private long lastCommitMs;
  private long notBeforeMs;
  private long backOffMs = BACK_OFF_FIRST_MS;
  private long armedMs = Event.NONE;
  private @Nullable Draft inFlight;
  private @Nullable Scope retry;
  private int unjudged;
  private long unjudgedBytes;
  private final Map<String, Long> redeliveries = new TreeMap<>();
  private long timeViolations;

  public PartitionEngine(
      String reconciliation, int partition, Rulebook rulebook, EngineSettings settings) {
    this.settings = settings;
    this.horizon = new Horizon(settings.dueMax());
    this.builder = new CommitBuilder(reconciliation, partition, rulebook);
  }

  /** What a new engine asks for. */
  public List<Output> start() {
    return List.of(new Output.RequestClaim());
  }

  /** Takes one input and says what follows from it, in order. */
  public List<Output> handle(Input input) {
    List<Output> out = new ArrayList<>();
    if (phase == Phase.STOPPED) {
      return out;
    }
    switch (input) {
      case Input.Claimed(Claim claim) -> claimed(claim, out);
      case Input.Batch batch -> batch(batch, out);
      case Input.Tick(long now) -> elapsedMs = Math.max(elapsedMs, now);
      case Input.Answered(long number, CommitAnswer answer) -> answered(number, answer, out);
      case Input.DueRows(List<TransactionRow> rows, boolean full) -> dueRows(rows, full);
      case Input.DueFailed() -> horizon.failed();
      case Input.Published(long upTo) -> publishedTo = Math.max(publishedTo, upTo);
      case Input.Drain() -> phase = phase == Phase.CLAIMING ? stop(out) : Phase.DRAINING;
    }
    if (phase == Phase.RUNNING || phase == Phase.DRAINING) {
      proceed(out);
    }
    return out;
  }

  /** Whether records are welcome; time without records always is. */
  public boolean isAccepting() {
    return phase == Phase.RUNNING
        && unjudged < settings.commitMax()
        && unjudgedBytes < COMMIT_BYTES_MAX
        && memory.size() < settings.openMax() + settings.commitMax();
  }

  /** Our claim; 0 before it. */
  public long epoch() {
    return epoch;
  }

  /** Next offset to absorb of a source, or −1 when it has none. */
  public long absorbed(String source) {
    SourceCursor cursor = cursors.get(source);
    return cursor == null ? -1 : cursor.absorbed();
  }

  /**
   * What has arrived of a transaction that has no row as far as memory knows; empty: nothing, or it
   * has a row. One that was written, left memory and was reported on again stands here too: whoever
   * answers with this looks for the row once more.
   */
  public List<Event> arrivedWithoutRow(String txnId) {
    OpenTransaction transaction = memory.find(txnId);
    return transaction == null || transaction.version() > 0 ? List.of() : transaction.events();
  }

  /** Transactions in memory. */
  public int openTransactions() {
    return memory.size();
  }

  /** The minimum of the sources' times, or {@link Event#NONE}. */
  public long watermarkMs() {
    long watermarkMs = cursors.isEmpty() ? Event.NONE : Long.MAX_VALUE;
    for (SourceCursor cursor : cursors.values()) {
      watermarkMs = Math.min(watermarkMs, cursor.timeMs());
    }
    return watermarkMs;
  }

  /** Records absorbed with a timestamp below their source's time: a premise is broken. */
  public long timeViolations() {
    return timeViolations;
  }

  /** Repetitions made durable under this claim, per source. */
  public Map<String, Long> redeliveries() {
    return redeliveries;
  }

  /** Stored changes that are not published yet. */
  public long unpublished() {
    return seq - publishedTo;
  }

  // ---- inputs

  private void claimed(Claim claim, List<Output> out) {
    if (phase != Phase.CLAIMING) {
      throw new InvariantViolation("claimed twice: epochs " + epoch + " and " + claim.epoch());
    }
    phase = Phase.RUNNING;
    epoch = claim.epoch();
    seq = claim.seq();
    publishedTo = claim.publishedTo();
    storedPublishedTo = claim.publishedTo();
    storedWatermarkMs = claim.storedWatermarkMs();
    claim
        .positions()
        .forEach(
            (source, start) ->
                cursors.put(
                    source, new SourceCursor(source, start, settings.keeps().contains(source))));
    if (!claim.unpublished().isEmpty()) {
      out.add(new Output.Publish(claim.unpublished()));
    }
  }

  private void batch(Input.Batch batch, List<Output> out) {
    SourceCursor cursor = cursors.get(batch.source());
    if (cursor == null || batch.epoch() != epoch || phase != Phase.RUNNING) {
      return; // of a former life, or no longer ours to take
    }
    if (batch.from() != cursor.absorbed()) {
      out.add(new Output.Rewind(batch.source(), cursor.absorbed()));
      return;
    }
    unjudged += batch.readings().size();
    for (Reading reading : batch.readings()) {
      byte[] value = reading.raw().value();
      unjudgedBytes += value == null ? 0 : value.length;
      if (reading.raw().timestampMs() < cursor.timeMs()) {
        timeViolations++;
      }
      read(cursor, reading);
    }
    cursor.advance(batch.to(), batch.timeMs());
  }

  private void read(SourceCursor cursor, Reading reading) {
    switch (reading) {
      case Reading.Taken(RawRecord raw, Event event) -> {
        cursor.account(raw, false, false);
        take(cursor, raw, event);
      }
      case Reading.Refused(RawRecord raw, DeadLetterReason reason, String detail, boolean ours) -> {
        cursor.account(raw, ours, !ours);
        if (ours) {
          deadLetters.add(new DeadLetter(cursor.name, raw, reason, detail));
        }
      }
      case Reading.NotOurs(RawRecord raw) -> cursor.account(raw, false, true);
    }
  }

  private void take(SourceCursor cursor, RawRecord raw, Event event) {
    OpenTransaction transaction = memory.find(event.txnId());
    if (transaction == null) {
      transaction = new OpenTransaction(event.txnId(), elapsedMs, settings.maxEvents());
      memory.add(transaction);
    }
    SourceCursor.Hold hold = new SourceCursor.Hold(raw.offset(), transaction);
    Absorbed absorbed = transaction.absorb(event, raw, hold);
    switch (absorbed) {
      case KEPT, REDELIVERED -> {
        cursor.add(hold);
        memory.touch(transaction);
      }
      case KNOWN -> memory.refresh(transaction);
      case OVER -> {
        overflowed(new Fallen(cursor.name, raw), transaction);
        memory.touch(transaction);
      }
    }
  }

  private void overflowed(Fallen fallen, OpenTransaction transaction) {
    deadLetters.add(
        new DeadLetter(
            fallen.source(),
            fallen.raw(),
            DeadLetterReason.TOO_MANY_EVENTS,
            "txn_id %s has %d events of %s already"
                .formatted(transaction.txnId, settings.maxEvents(), fallen.source())));
  }

  /** A due row is united with what memory holds under its key, like a Conflict. */
  private void dueRows(List<TransactionRow> rows, boolean full) {
    for (TransactionRow row : rows) {
      OpenTransaction transaction = memory.find(row.txnId());
      if (transaction == null) {
        transaction = new OpenTransaction(row.txnId(), elapsedMs, settings.maxEvents());
        memory.add(transaction);
        unite(transaction, row);
        memory.deadline(transaction, row.verdict().nextDeadlineMs());
        memory.rest(transaction);
      } else if (transaction.version() < row.version() && !isInFlight(transaction)) {
        unite(transaction, row);
        memory.deadline(transaction, row.verdict().nextDeadlineMs());
        memory.touch(transaction);
      }
    }
    horizon.answered(rows, full);
  }

  private void unite(OpenTransaction transaction, TransactionRow row) {
    for (Fallen fallen : transaction.unite(row)) {
      overflowed(fallen, transaction);
    }
  }

  private boolean isInFlight(OpenTransaction transaction) {
    return inFlight != null && inFlight.transactions().contains(transaction);
  }

  // ---- answers

  private void answered(long number, CommitAnswer answer, List<Output> out) {
    Draft draft = inFlight;
    if (draft == null || draft.commit().attempt() != number) {
      return; // of a former attempt
    }
    inFlight = null;
    switch (answer) {
      case Committed(long committedAtMs) -> committed(draft, committedAtMs, out);
      case Conflict(var rows) -> conflict(draft, rows);
      case Refused(boolean transientCause, String reason) -> refused(draft, transientCause, reason);
      case Fenced(long storedEpoch) ->
          stopped(Reason.FENCED, "epoch %d < %d".formatted(epoch, storedEpoch), out);
      case Unknown(String reason) -> stopped(Reason.UNKNOWN, reason, out);
    }
  }

  private void committed(Draft draft, long committedAtMs, List<Output> out) {
    Commit commit = draft.commit();
    backOffMs = BACK_OFF_FIRST_MS;
    retry = draft.scope().rest();
    seq = commit.seq();
    storedPublishedTo = commit.publishedTo();
    storedWatermarkMs = Math.max(storedWatermarkMs, commit.watermarkMs());
    lastCommitMs = elapsedMs;
    horizon.committed();
    commit.progress().forEach((source, progress) -> cursor(source).committed(progress));
    deadLetters.subList(0, commit.deadLetters().size()).clear();
    for (int i = 0; i < commit.writes().size(); i++) {
      OpenTransaction transaction = draft.transactions().get(i);
      transaction.committed(
          commit.writes().get(i).row(),
          (source, count) -> redeliveries.merge(source, (long) count, Long::sum));
      memory.arrive(transaction);
    }
    evict();
    if (!commit.changes().isEmpty()) {
      out.add(new Output.Publish(builder.notices(commit, committedAtMs)));
    }
  }

  private void conflict(Draft draft, Map<String, Optional<TransactionRow>> rows) {
    for (OpenTransaction transaction : draft.transactions()) {
      Optional<TransactionRow> row = rows.get(transaction.txnId);
      if (row != null) {
        row.ifPresentOrElse(found -> unite(transaction, found), transaction::forgetRow);
      }
    }
    retry = draft.scope().again(draft.transactions());
  }

  private void refused(Draft draft, boolean transientCause, String reason) {
    retry = draft.scope().again(draft.transactions());
    if (transientCause) {
      if (backOffMs == BACK_OFF_MAX_MS && draft.transactions().size() > 1) {
        retry = retry.halved(); // it may be more than the server manages within its time limit
      }
      notBeforeMs = elapsedMs + backOffMs;
      backOffMs = Math.min(2 * backOffMs, BACK_OFF_MAX_MS);
      return;
    }
    switch (draft.transactions().size()) {
      case 0 ->
          throw new InvariantViolation("a commit without transactions was refused: " + reason);
      case 1 -> expel(draft, reason);
      default -> retry = retry.halved();
    }
  }

  /** PostgreSQL will not have what this draft brings: its records become dead letters. */
  private void expel(Draft draft, String reason) {
    OpenTransaction transaction = draft.transactions().getFirst();
    List<Fallen> expelled = transaction.expel(draft.commit().writes().getFirst().row());
    if (expelled.isEmpty()) {
      throw new InvariantViolation(
          "txn_id %s brings nothing new and is refused: %s".formatted(transaction.txnId, reason));
    }
    for (Fallen fallen : expelled) {
      deadLetters.add(
          new DeadLetter(fallen.source(), fallen.raw(), DeadLetterReason.BAD_VALUE, reason));
    }
    if (transaction.version() == 0 && transaction.isEmpty()) {
      memory.forget(transaction);
      horizon.left(Long.MIN_VALUE); // its row, if it has one, was ignored for what memory held
      retry = retry == null ? null : retry.rest();
    }
  }

  // ---- what follows

  private void proceed(List<Output> out) {
    if (inFlight == null && elapsedMs >= notBeforeMs) {
      write(out);
    }
    if (phase == Phase.DRAINING && inFlight == null && elapsedMs >= notBeforeMs) {
      phase = stop(out);
      return;
    }
    if (horizon.ask(watermarkMs())) {
      out.add(new Output.QueryDue(horizon.limit()));
    }
    long earliestMs = memory.earliestDeadlineMs();
    if (earliestMs != Event.NONE && earliestMs != armedMs) {
      armedMs = earliestMs;
      out.add(new Output.WantTime(earliestMs));
    }
  }

  private void write(List<Output> out) {
    Scope scope = retry == null ? freshScope() : retry;
    Draft draft = draft(scope);
    if (draft == null && retry != null) {
      retry = scope.rest();
      scope = retry == null ? freshScope() : retry;
      draft = draft(scope);
    }
    if (draft != null) {
      inFlight = draft;
      out.add(new Output.Write(draft.commit()));
    }
  }

  /** What the next commit looks at: everything touched, due or old enough. */
  private Scope freshScope() {
    long judgeMs = Math.min(watermarkMs(), horizon.ms());
    Scope scope = new Scope();
    unjudged = 0;
    unjudgedBytes = 0;
    scope.candidates.addAll(memory.touched());
    scope.judgeMs = memory.takeDue(judgeMs, settings.commitMax(), scope.due);
    scope.candidates.addAll(scope.due);
    scope.forced.addAll(
        phase == Phase.DRAINING
            ? memory.oldest(Integer.MAX_VALUE)
            : memory.oldest(Math.max(0, memory.size() - settings.openMax())));
    scope.aged.addAll(memory.aged(elapsedMs - settings.materializeAfterMs(), settings.commitMax()));
    scope.candidates.addAll(scope.forced);
    scope.candidates.addAll(scope.aged);
    return scope;
  }

  private @Nullable Draft draft(Scope scope) {
    boolean patient =
        phase == Phase.RUNNING && elapsedMs - lastCommitMs < settings.progressAfterMs();
    CommitBuilder.Situation situation =
        new CommitBuilder.Situation(
            epoch,
            attempt + 1,
            seq,
            publishedTo,
            storedPublishedTo,
            storedWatermarkMs,
            phase == Phase.DRAINING,
            elapsedMs - settings.materializeAfterMs(),
            settings.maxEvents());
    Draft draft = builder.build(scope, situation, memory, cursors.values(), deadLetters, patient);
    if (draft != null) {
      attempt++;
    }
    return draft;
  }

  private void evict() {
    long leftMs = memory.evict(settings.openMax(), settings.settledMax());
    if (leftMs != Event.NONE) {
      horizon.left(leftMs);
    }
  }

  private SourceCursor cursor(String source) {
    SourceCursor cursor = cursors.get(source);
    if (cursor == null) {
      throw new InvariantViolation("no cursor for source " + source);
    }
    return cursor;
  }

  private Phase stop(Collection<Output> out) {
    stopped(Reason.DRAINED, "drained", out);
    return Phase.STOPPED;
  }

  private void stopped(Reason reason, String detail, Collection<Output> out) {
    phase = Phase.STOPPED;
    out.add(new Output.Stopped(reason, detail));
  }
}
