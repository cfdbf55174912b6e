package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.engine.Commit.SourceProgress;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What a partition says to messages that come at the wrong moment, or to nobody. */
@NullUnmarked
class PartitionEngineEdgesTest {

  private final PartitionEngine engine =
      new PartitionEngine(
          "world",
          0,
          WorldRules.rulebook(),
          new EngineSettings(2, 2, 3, 3, 10, 10, 3, Set.of("a")));

  private static final SourcePosition START = new SourcePosition(0, 0);
  private static final Claim CLAIM =
      new Claim(
          4,
          Map.of("a", START, "b", START, "c", START, Event.OPERATOR, START),
          7,
          5,
          Event.NONE,
          List.of());

  private static Reading taken(String txnId, String source, String id, long offset, long atMs) {
    Event event =
        new Event(
            txnId,
            source,
            id,
            new ContentHash(id.hashCode(), 0, 0, 0),
            "PAYMENT_CAPTURED",
            "SUCCESS",
            5,
            "INR",
            null,
            null,
            0,
            null,
            null,
            Event.NONE,
            Map.of(),
            null,
            offset,
            atMs);
    return new Reading.Taken(raw(offset, atMs), event);
  }

  private static RawRecord raw(long offset, long atMs) {
    return new RawRecord(offset, atMs, null, null, List.of());
  }

  private List<Output> batch(
      long epoch, String source, long from, long timeMs, Reading... readings) {
    return engine.handle(
        new Input.Batch(
            epoch, source, from, from + readings.length, Arrays.asList(readings), timeMs));
  }

  private static Commit write(List<Output> outputs) {
    return outputs.stream()
        .filter(Output.Write.class::isInstance)
        .map(output -> ((Output.Write) output).commit())
        .findFirst()
        .orElse(null);
  }

  private List<Output> answer(Commit commit, CommitAnswer answer) {
    return engine.handle(new Input.Answered(commit.attempt(), answer));
  }

  @Test
  void beforeItsClaimItKnowsNothingAndEndsAtOnce() {
    assertThat(engine.start()).containsExactly(new Output.RequestClaim());
    assertThat(engine.watermarkMs()).isEqualTo(Event.NONE);
    assertThat(engine.absorbed("a")).isEqualTo(-1);
    assertThat(engine.isAccepting()).isFalse();
    assertThat(batch(0, "a", 0, 10, taken("T", "a", "x", 0, 5))).isEmpty();

    assertThat(engine.handle(new Input.Drain()))
        .containsExactly(new Output.Stopped(Output.Reason.DRAINED, "drained"));
    assertThat(engine.handle(new Input.Claimed(CLAIM))).as("too late").isEmpty();
  }

  @Test
  void twoClaimsAreABug() {
    engine.handle(new Input.Claimed(CLAIM));
    assertThat(engine.epoch()).isEqualTo(4);
    assertThatThrownBy(() -> engine.handle(new Input.Claimed(CLAIM)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("claimed twice: epochs 4 and 4");
  }

  @Test
  void whatANewOwnerFindsUnpublishedComesFirst() {
    Notice notice = new Notice(6, dev.tallystick.core.model.MismatchType.AMOUNT, "{}");
    Claim claim = new Claim(4, CLAIM.positions(), 7, 5, Event.NONE, List.of(notice));

    assertThat(engine.handle(new Input.Claimed(claim)).getFirst())
        .isEqualTo(new Output.Publish(List.of(notice)));
    assertThat(engine.unpublished()).isEqualTo(2);
    engine.handle(new Input.Published(7));
    engine.handle(new Input.Published(6));
    assertThat(engine.unpublished()).isZero();
  }

  @Test
  void batchesOfAFormerLifeOrOfNoSourceAreDropped() {
    engine.handle(new Input.Claimed(CLAIM));
    batch(3, "a", 0, 10, taken("T", "a", "x", 0, 5));
    batch(4, "z", 0, 10, taken("T", "z", "x", 0, 5));
    assertThat(engine.absorbed("a")).isZero();
    assertThat(engine.openTransactions()).isZero();
  }

  @Test
  void refusedRecordsAreOursOrTheKeepers() {
    engine.handle(new Input.Claimed(CLAIM));
    Commit commit =
        write(
            batch(
                4,
                "b",
                0,
                Event.NONE,
                new Reading.Refused(raw(0, 1), DeadLetterReason.NOT_JSON, "byte 0", true),
                new Reading.Refused(raw(1, 1), DeadLetterReason.NOT_JSON, "byte 0", false),
                new Reading.NotOurs(raw(2, 1))));

    assertThat(commit.deadLetters())
        .extracting(letter -> letter.raw().offset())
        .containsExactly(0L);
    assertThat(commit.progress().get("b")).isEqualTo(new SourceProgress(3, 3, 3, 1, 2));
    assertThat(commit.archive()).as("b is another's to keep").isEmpty();
  }

  @Test
  void aCommitWithoutTransactionsThatIsRefusedIsABug() {
    engine.handle(new Input.Claimed(CLAIM));
    Commit commit =
        write(
            batch(
                4,
                "b",
                0,
                Event.NONE,
                new Reading.Refused(raw(0, 1), DeadLetterReason.NOT_JSON, "byte 0", true)));
    assertThatThrownBy(() -> answer(commit, new Refused(false, "22021")))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("22021");
  }

  @Test
  void anAnswerToAFormerAttemptIsNoAnswer() {
    engine.handle(new Input.Claimed(CLAIM));
    engine.handle(new Input.Answered(9, new Committed(0)));
    batch(4, "a", 0, Event.NONE, taken("T", "a", "x", 0, 5));
    Commit commit = write(batch(4, "b", 0, Event.NONE, taken("T", "b", "x", 0, 5)));

    engine.handle(new Input.Answered(commit.attempt() + 1, new Committed(0)));
    assertThat(write(batch(4, "b", 1, Event.NONE, taken("U", "b", "y", 1, 5)))).isNull();
    assertThat(engine.openTransactions()).isEqualTo(2);
  }

  @Test
  void repetitionsAndBrokenPremisesAreCounted() {
    engine.handle(new Input.Claimed(CLAIM));
    batch(4, "a", 0, 50, taken("T", "a", "x", 0, 5), taken("T", "a", "x", 1, 5));
    assertThat(engine.timeViolations()).isZero();
    batch(4, "a", 2, 60, taken("U", "a", "y", 2, 49));
    assertThat(engine.timeViolations()).isEqualTo(1);

    Commit commit = write(batch(4, "b", 0, Event.NONE, taken("T", "b", "x", 0, 6)));
    assertThat(engine.redeliveries()).as("before it is durable").isEmpty();
    answer(commit, new Committed(0));
    assertThat(engine.redeliveries()).containsExactly(Map.entry("a", 1L));
  }

  @Test
  void recordsAreNotWelcomeWhileTooManyWait() {
    engine.handle(new Input.Claimed(CLAIM));
    assertThat(engine.isAccepting()).isTrue();
    batch(
        4,
        "a",
        0,
        Event.NONE,
        taken("T", "a", "x", 0, 5),
        taken("U", "a", "y", 1, 5),
        taken("V", "a", "z", 2, 5));
    Commit commit = write(engine.handle(new Input.Tick(1)));
    assertThat(commit.writes()).as("past open-max the oldest are written early").hasSize(1);
    batch(
        4,
        "a",
        3,
        Event.NONE,
        taken("W", "a", "w", 3, 5),
        taken("X", "a", "x", 4, 5),
        taken("Y", "a", "y", 5, 5));
    assertThat(engine.isAccepting()).isFalse();
    batch(4, "a", 6, Event.NONE);
    assertThat(engine.absorbed("a")).as("time without records always is").isEqualTo(6);
  }

  @Test
  void drainingTakesNothingMoreAndWaitsForItsAnswer() {
    engine.handle(new Input.Claimed(CLAIM));
    batch(4, "a", 0, Event.NONE, taken("T", "a", "x", 0, 5));
    Commit commit = write(engine.handle(new Input.Drain()));
    batch(4, "a", 1, Event.NONE, taken("U", "a", "y", 1, 5));
    assertThat(engine.absorbed("a")).isEqualTo(1);

    assertThat(answer(commit, new Refused(true, "away"))).isEmpty();
    Commit again = write(engine.handle(new Input.Tick(100)));
    assertThat(again.writes()).isEqualTo(commit.writes());
    assertThat(answer(again, new Committed(0)))
        .contains(new Output.Stopped(Output.Reason.DRAINED, "drained"));
  }

  @Test
  void whatIsExpelledLeavesTheRestOfItsTransaction() {
    engine.handle(new Input.Claimed(CLAIM));
    batch(4, "a", 0, Event.NONE, taken("T", "a", "x", 0, 5));
    Commit good = write(batch(4, "b", 0, Event.NONE, taken("T", "b", "x", 0, 5)));
    answer(good, new Committed(0));
    Commit bad = write(batch(4, "b", 1, Event.NONE, taken("T", "b", "bad", 1, 6)));

    Commit after = write(answer(bad, new Refused(false, "22021")));

    assertThat(after.writes()).isEmpty();
    assertThat(after.deadLetters())
        .extracting(DeadLetter::reason, letter -> letter.raw().offset())
        .containsExactly(org.assertj.core.groups.Tuple.tuple(DeadLetterReason.BAD_VALUE, 1L));
    assertThat(after.progress().get("b").position()).isEqualTo(2);
  }

  @Test
  void aPositionThatGoesBackIsABug() {
    SourceCursor cursor = new SourceCursor("a", new SourcePosition(5, 8), true);
    assertThatThrownBy(() -> cursor.committed(new SourceProgress(4, 8, 0, 0, 0)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("position went back from 5 to 4");
    assertThatThrownBy(() -> cursor.committed(new SourceProgress(5, 7, 0, 0, 0)))
        .isInstanceOf(InvariantViolation.class);
  }
}
