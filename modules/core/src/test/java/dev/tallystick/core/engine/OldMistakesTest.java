package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Rulebook;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Mistakes that were made once, each by the scenario that showed it. */
@NullUnmarked
class OldMistakesTest {

  private static final Rulebook RULES = WorldRules.rulebook();
  private static final List<String> ALL = List.of("a", "b", "c", Event.OPERATOR);
  private final PartitionEngine engine =
      new PartitionEngine(
          "world", 0, RULES, new EngineSettings(100, 2, 3, 50, 10, 10, 3, Set.of("a")));

  private static Event event(
      String txnId, String source, String id, String channel, long offset, long atMs) {
    return new Event(
        txnId,
        source,
        id,
        new ContentHash(id.hashCode(), 5, 0, 0),
        "PAYMENT_CAPTURED",
        "SUCCESS",
        5,
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

  private void claimed(long storedWatermarkMs, long position) {
    Map<String, SourcePosition> at = new TreeMap<>();
    ALL.forEach(source -> at.put(source, new SourcePosition(position, position)));
    engine.handle(new Input.Claimed(new Claim(1, at, 0, 0, storedWatermarkMs, List.of())));
  }

  private List<Output> batch(String source, long from, long to, long timeMs, Event... events) {
    List<Reading> readings = new ArrayList<>();
    for (Event event : events) {
      readings.add(
          new Reading.Taken(
              new RawRecord(event.offset(), event.recordedAtMs(), null, null, List.of()), event));
    }
    return engine.handle(new Input.Batch(1, source, from, to, readings, timeMs));
  }

  private static Commit write(List<Output> outputs) {
    return outputs.stream()
        .filter(Output.Write.class::isInstance)
        .map(o -> ((Output.Write) o).commit())
        .findFirst()
        .orElse(null);
  }

  private static TransactionRow row(String txnId, Event event) {
    Verdict verdict = Reconciler.judge(List.of(event), RULES, Event.NONE, List.of());
    return new TransactionRow(
        txnId,
        1,
        List.of(event),
        Map.of(event.source(), new Tally(event.offset(), 0)),
        false,
        verdict);
  }

  /**
   * BOUNDED: who left memory is held by the queue of deadlines until that deadline is the earliest.
   */
  @Test
  void theQueueOfDeadlinesDoesNotKeepWhatLeftMemory() throws Exception {
    OpenTransactions memory = new OpenTransactions();
    OpenTransaction first = new OpenTransaction("first", 0, 3);
    memory.add(first);
    memory.deadline(first, 1);
    for (int i = 0; i < 10_000; i++) {
      OpenTransaction open = new OpenTransaction("T" + i, 0, 3);
      memory.add(open);
      memory.deadline(open, 172_800_000); // pending for two days at most
      memory.deadline(open, Event.NONE); // matched a second later
      Verdict matched =
          new Verdict(
              State.MATCHED, "MATCHED", null, List.of(), 0, Event.NONE, 1, List.of(), 0, "");
      open.unite(new TransactionRow(open.txnId, 1, List.of(), Map.of(), false, matched));
      memory.rest(open);
      memory.evict(100, 10);
    }
    memory.earliestDeadlineMs();
    Field deadlines = OpenTransactions.class.getDeclaredField("deadlines");
    deadlines.setAccessible(true);
    assertThat(memory.size()).isLessThan(100);
    assertThat(((Collection<?>) deadlines.get(memory)).size()).isLessThan(1_000);
  }

  /**
   * While PostgreSQL refuses commits, the query for due rows must not be repeated without a pause.
   */
  @Test
  void aBackOffHoldsTheDueQueryToo() {
    claimed(Event.NONE, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", null, 0, 10));
    Commit first = write(batch("b", 0, 1, Event.NONE, event("T", "b", "b1", null, 0, 11)));
    engine.handle(new Input.Answered(first.attempt(), new CommitAnswer.Refused(true, "away")));
    batch("a", 1, 1, 300);
    batch("b", 1, 1, 300);
    batch("c", 0, 0, 300);
    batch(Event.OPERATOR, 0, 0, 300);
    List<TransactionRow> page =
        List.of(
            row("U", event("U", "a", "u", null, -2, 1)),
            row("V", event("V", "a", "v", null, -1, 9)));
    engine.handle(new Input.DueRows(page, true));

    assertThat(engine.handle(new Input.DueRows(page, true)))
        .noneMatch(Output.QueryDue.class::isInstance);
  }

  /** A due row that came while its ghost was in flight is lost when the ghost is expelled. */
  @Test
  void anExpelledGhostDoesNotTakeItsDueRowAlong() {
    claimed(Event.NONE, 5);
    batch("a", 5, 5, 100);
    batch("b", 5, 5, 100);
    batch("c", 5, 5, 100);
    assertThat(batch(Event.OPERATOR, 5, 5, 100)).contains(new Output.QueryDue(10));
    batch("a", 5, 6, 100, event("T", "a", "a9", null, 5, 101));
    Commit wish = write(engine.handle(new Input.Tick(2)));
    assertThat(wish.writes()).hasSize(1);
    Input.DueRows due =
        new Input.DueRows(List.of(row("T", event("T", "a", "a1", null, 1, 10))), false);
    engine.handle(due);
    List<Output> next =
        new ArrayList<>(
            engine.handle(
                new Input.Answered(wish.attempt(), new CommitAnswer.Refused(false, "22021"))));
    boolean judged = false;
    for (int i = 1; i < 20 && !judged; i++) {
      Commit commit = write(next);
      if (next.stream().anyMatch(Output.QueryDue.class::isInstance)) {
        next = new ArrayList<>(engine.handle(due));
        commit = commit == null ? write(next) : commit;
      }
      if (commit != null) {
        judged = commit.writes().stream().anyMatch(w -> w.row().txnId().equals("T"));
        next = engine.handle(new Input.Answered(commit.attempt(), new CommitAnswer.Committed(0)));
      } else {
        next = engine.handle(new Input.Tick(100L * i));
      }
    }
    assertThat(judged).as("T's row is due since 40 and time is 100").isTrue();
  }

  /** A draining engine writes a row against the stored watermark: verify would find it. */
  @Test
  void drainingDoesNotWriteAgainstTheStoredWatermark() {
    claimed(38, 0);
    batch("a", 0, 1, Event.NONE, event("T", "a", "a1", null, 0, 10));
    batch("b", 0, 1, Event.NONE, event("T", "b", "b1", "C", 0, 39));
    Commit commit = write(engine.handle(new Input.Drain()));
    assertThat(commit == null ? List.of() : commit.writes())
        .as("c has been expected since 10 and its deadline 35 lies below the stored watermark 38")
        .isEmpty();
  }

  /** A custom AMOUNT rule with a number beyond a long breaks the partition after its commit. */
  @Test
  void aNumberBeyondALongStaysText() {
    Mismatch found =
        new Mismatch(
            MismatchType.AMOUNT,
            "b",
            "amount",
            "9999999999999999999",
            "1",
            null,
            null,
            "INR",
            "x@1",
            List.of("a", "b"),
            Severity.HIGH,
            1,
            Event.NONE,
            null);
    Change change = new Change(1, Change.Kind.OPENED, "T", State.MISMATCHED, "", 1, found);
    assertThat(MismatchJson.of("r", 0, change, 1)).contains("9999999999999999999");
  }
}
