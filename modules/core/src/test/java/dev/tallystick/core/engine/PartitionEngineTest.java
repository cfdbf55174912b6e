package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One partition, step by step: what goes in, what comes out. */
@NullUnmarked
class PartitionEngineTest {

  private static final Rulebook RULES = WorldRules.rulebook();

  private final PartitionEngine engine =
      new PartitionEngine(
          "world", 0, RULES, new EngineSettings(100, 2, 3, 50, 10, 10, 3, Set.of("a")));

  private static Event event(
      String txnId,
      String source,
      String id,
      long amount,
      @Nullable String channel,
      long offset,
      long atMs) {
    return new Event(
        txnId,
        source,
        id,
        new ContentHash(id.hashCode(), amount, channel == null ? 0 : 1, 0),
        "PAYMENT_CAPTURED",
        "SUCCESS",
        amount,
        "INR",
        null,
        null,
        0,
        null,
        channel,
        Event.NONE,
        Map.of(),
        null,
        offset,
        atMs);
  }

  private List<Output> claimed(long storedWatermarkMs, long position) {
    SourcePosition at = new SourcePosition(position, position);
    return engine.handle(
        new Input.Claimed(
            new Claim(
                1,
                Map.of("a", at, "b", at, "c", at, Event.OPERATOR, at),
                0,
                0,
                storedWatermarkMs,
                List.of())));
  }

  private List<Output> batch(String source, long from, long to, long timeMs, Event... events) {
    List<Reading> readings = new ArrayList<>();
    for (Event event : events) {
      RawRecord raw =
          new RawRecord(event.offset(), event.recordedAtMs(), null, new byte[3], List.of());
      readings.add(new Reading.Taken(raw, event));
    }
    return engine.handle(new Input.Batch(1, source, from, to, readings, timeMs));
  }

  private static Commit write(List<Output> outputs) {
    return outputs.stream()
        .filter(Output.Write.class::isInstance)
        .map(output -> ((Output.Write) output).commit())
        .findFirst()
        .orElse(null);
  }

  private static TransactionRow row(long version, Event... events) {
    Verdict verdict = Reconciler.judge(List.of(events), RULES, Event.NONE, List.of());
    Map<String, Tally> tallies = new java.util.TreeMap<>();
    for (Event event : events) {
      tallies.put(event.source(), new Tally(event.offset(), 0));
    }
    return new TransactionRow(events[0].txnId(), version, List.of(events), tallies, false, verdict);
  }

  @Test
  void twoSourcesThatAgreeAreOneRow() {
    claimed(Event.NONE, 0);
    assertThat(write(batch("a", 0, 1, Event.NONE, event("T", "a", "a1", 5, null, 0, 10)))).isNull();

    Commit commit = write(batch("b", 0, 1, Event.NONE, event("T", "b", "b1", 5, null, 0, 11)));

    assertThat(commit.writes()).hasSize(1);
    assertThat(commit.writes().getFirst().expectedVersion()).isZero();
    assertThat(commit.writes().getFirst().row().verdict().state()).isEqualTo(State.MATCHED);
    assertThat(commit.progress().get("a").position()).isEqualTo(1);
    assertThat(commit.archive()).extracting(Commit.ArchiveSlice::source).containsExactly("a");
  }

  @Test
  void aFreshPendingTransactionHoldsThePosition() {
    claimed(Event.NONE, 0);
    batch(
        "a",
        0,
        2,
        Event.NONE,
        event("T", "a", "a1", 5, null, 0, 10),
        event("U", "a", "a2", 7, null, 1, 10));

    Commit commit = write(batch("b", 0, 1, Event.NONE, event("U", "b", "b1", 7, null, 0, 11)));

    assertThat(commit.writes()).extracting(write -> write.row().txnId()).containsExactly("U");
    assertThat(commit.progress().get("a").position()).isZero();
    assertThat(commit.progress().get("a").archivedTo()).isEqualTo(2);
  }

  @Test
  void whatHasNoRowIsAnsweredFromMemoryAndNothingElse() {
    claimed(Event.NONE, 0);
    Event arrived = event("T", "a", "a1", 5, null, 0, 10);
    batch("a", 0, 1, Event.NONE, arrived);

    assertThat(engine.arrivedWithoutRow("T")).containsExactly(arrived);
    assertThat(engine.arrivedWithoutRow("U")).isEmpty();

    Commit commit = write(batch("b", 0, 1, Event.NONE, event("T", "b", "b1", 5, null, 0, 11)));
    engine.handle(new Input.Answered(commit.attempt(), new CommitAnswer.Committed(20)));
    assertThat(engine.arrivedWithoutRow("T")).as("it has a row now").isEmpty();
  }

  @Test
  void aFreshPendingTransactionBecomesARowWhenItIsOldEnough() {
    claimed(Event.NONE, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", 5, null, 0, 10));
    assertThat(write(engine.handle(new Input.Tick(1)))).isNull();

    Commit commit = write(engine.handle(new Input.Tick(2)));

    assertThat(commit.writes().getFirst().row().verdict().label()).isEqualTo("A_RECEIVED");
    assertThat(commit.progress().get("a").position()).isEqualTo(1);
  }

  @Test
  void anInsertThatFindsARowIsUnitedWithIt() {
    claimed(Event.NONE, 5);
    Commit first = write(batch("b", 5, 6, Event.NONE, event("T", "b", "b2", 9, null, 5, 30)));
    assertThat(first).isNull();
    Commit wish = write(engine.handle(new Input.Tick(2)));
    TransactionRow stored =
        row(3, event("T", "a", "a1", 5, null, 1, 10), event("T", "b", "b1", 5, null, 2, 11));

    Commit again =
        write(
            engine.handle(
                new Input.Answered(
                    wish.attempt(), new CommitAnswer.Conflict(Map.of("T", Optional.of(stored))))));

    assertThat(again.writes()).hasSize(1);
    assertThat(again.writes().getFirst().expectedVersion()).isEqualTo(3);
    assertThat(again.writes().getFirst().row().events()).hasSize(3);
    assertThat(again.writes().getFirst().row().verdict().label()).isEqualTo("AMOUNT_MISMATCH");
  }

  /**
   * The row would be PENDING although the stored watermark says that its deadline has been judged.
   */
  @Test
  void afterAClaimARowIsNotWrittenAgainstTheStoredWatermark() {
    claimed(200, 5);
    batch("b", 5, 6, Event.NONE, event("T", "b", "b1", 5, "C", 5, 201));
    Commit wish = write(engine.handle(new Input.Tick(2)));
    TransactionRow stored =
        row(1, event("T", "a", "a1", 5, null, 1, 10), event("T", "b", "b0", 5, null, 2, 11));

    List<Output> held =
        engine.handle(
            new Input.Answered(
                wish.attempt(), new CommitAnswer.Conflict(Map.of("T", Optional.of(stored)))));
    assertThat(write(held)).isNull();

    batch("a", 5, 5, 300);
    batch("b", 6, 6, 300);
    batch("c", 5, 5, 300);
    List<Output> known = batch(Event.OPERATOR, 5, 5, 300);
    assertThat(known).contains(new Output.QueryDue(10));
    Commit late = write(engine.handle(new Input.DueRows(List.of(), false)));

    assertThat(late.writes().getFirst().row().verdict().label()).isEqualTo("DUPLICATE");
    assertThat(late.writes().getFirst().row().verdict().ticked()).contains("c");
    assertThat(late.watermarkMs()).isEqualTo(300);
  }

  @Test
  void aBatchThatDoesNotContinueIsAskedForAgain() {
    claimed(Event.NONE, 0);

    assertThat(batch("a", 3, 4, Event.NONE, event("T", "a", "a1", 5, null, 3, 10)))
        .contains(new Output.Rewind("a", 0));
    assertThat(engine.absorbed("a")).isZero();
  }

  @Test
  void aRefusedCommitIsTriedAgainAfterABackOff() {
    claimed(Event.NONE, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", 5, null, 0, 10));
    Commit first = write(batch("b", 0, 1, Event.NONE, event("T", "b", "b1", 5, null, 0, 11)));

    assertThat(
            engine.handle(
                new Input.Answered(first.attempt(), new CommitAnswer.Refused(true, "away"))))
        .noneMatch(Output.Write.class::isInstance);
    Commit second = write(engine.handle(new Input.Tick(100)));

    assertThat(second.writes()).isEqualTo(first.writes());
    assertThat(second.attempt()).isEqualTo(first.attempt() + 1);
  }

  @Test
  void aTransactionThatPostgresqlWillNotHaveIsFoundByHalves() {
    claimed(Event.NONE, 0);
    batch(
        "a",
        0,
        3,
        Event.NONE,
        event("T", "a", "a1", 5, null, 0, 10),
        event("U", "a", "a2", 5, null, 1, 10),
        event("V", "a", "a3", 5, null, 2, 10));
    Commit commit = write(engine.handle(new Input.Tick(2)));
    List<String> written = new ArrayList<>();
    List<DeadLetter> dead = new ArrayList<>();
    for (int i = 0; commit != null && i < 20; i++) {
      boolean bad = commit.writes().stream().anyMatch(write -> write.row().txnId().equals("U"));
      if (!bad) {
        commit.writes().forEach(write -> written.add(write.row().txnId()));
        dead.addAll(commit.deadLetters());
      }
      CommitAnswer answer =
          bad ? new CommitAnswer.Refused(false, "22021") : new CommitAnswer.Committed(0);
      commit = write(engine.handle(new Input.Answered(commit.attempt(), answer)));
    }
    Commit rest = commit != null ? commit : write(engine.handle(new Input.Tick(50)));
    if (rest != null) {
      dead.addAll(rest.deadLetters());
    }

    assertThat(written).containsExactlyInAnyOrder("T", "V");
    assertThat(dead).extracting(letter -> letter.raw().offset()).containsExactly(1L);
  }

  @Test
  void aHotKeyIsBoundedPerSource() {
    claimed(Event.NONE, 0);
    Event[] events = new Event[8];
    for (int i = 0; i < events.length; i++) {
      events[i] = event("T", "a", "a" + i, 5, null, i, 10);
    }
    Commit commit = write(batch("a", 0, 8, Event.NONE, events));

    assertThat(commit.deadLetters())
        .extracting(letter -> letter.raw().offset())
        .containsExactly(3L, 4L, 5L, 6L, 7L);
    assertThat(commit.writes().getFirst().row().events()).hasSize(3);
    assertThat(commit.writes().getFirst().row().overflow()).isTrue();
    assertThat(commit.progress().get("a").position()).isEqualTo(8);
  }

  @Test
  void anOtherOwnerEndsIt() {
    claimed(Event.NONE, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", 5, null, 0, 10));
    Commit commit = write(engine.handle(new Input.Tick(2)));

    assertThat(engine.handle(new Input.Answered(commit.attempt(), new CommitAnswer.Fenced(2))))
        .containsExactly(new Output.Stopped(Output.Reason.FENCED, "epoch 1 < 2"));
    assertThat(engine.handle(new Input.Tick(9))).isEmpty();
  }

  @Test
  void drainingWritesWhatIsOpenAndStops() {
    claimed(Event.NONE, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", 5, null, 0, 10));

    Commit commit = write(engine.handle(new Input.Drain()));
    assertThat(commit.progress().get("a").position()).isEqualTo(1);

    assertThat(engine.handle(new Input.Answered(commit.attempt(), new CommitAnswer.Committed(0))))
        .containsExactly(new Output.Stopped(Output.Reason.DRAINED, "drained"));
  }
}
