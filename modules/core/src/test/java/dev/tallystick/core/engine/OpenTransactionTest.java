package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.OpenTransaction.Absorbed;
import dev.tallystick.core.engine.OpenTransaction.Fallen;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Union of what was read and what is stored (protocol, sections 1 and 4); three events are kept.
 */
class OpenTransactionTest {

  private final OpenTransaction ghost = new OpenTransaction("T", 0, 3);
  private final Map<String, Integer> redelivered = new TreeMap<>();

  private static Event event(String source, String id, long offset) {
    return new Event(
        "T",
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
        offset);
  }

  private static RawRecord raw(long offset) {
    return new RawRecord(offset, offset, null, null, List.of());
  }

  private SourceCursor.Hold lastHold = new SourceCursor.Hold(0, ghost);

  private Absorbed absorb(OpenTransaction transaction, String source, String id, long offset) {
    lastHold = new SourceCursor.Hold(offset, transaction);
    return transaction.absorb(event(source, id, offset), raw(offset), lastHold);
  }

  private static Verdict judged(OpenTransaction transaction) {
    return Reconciler.judge(transaction.events(), WorldRules.rulebook(), Event.NONE, List.of());
  }

  private static TransactionRow stored(
      long version, boolean overflow, Map<String, Tally> tallies, Event... events) {
    Verdict verdict =
        Reconciler.judge(List.of(events), WorldRules.rulebook(), Event.NONE, List.of());
    return new TransactionRow("T", version, List.of(events), tallies, overflow, verdict);
  }

  private TransactionRow row(OpenTransaction transaction) {
    return transaction.row(judged(transaction));
  }

  @Test
  void aRepetitionIsCountedAndKeptOnce() {
    assertThat(absorb(ghost, "a", "x", 1)).isEqualTo(Absorbed.KEPT);
    assertThat(absorb(ghost, "a", "x", 4)).isEqualTo(Absorbed.REDELIVERED);
    assertThat(absorb(ghost, "a", "x", 4)).as("the same position").isEqualTo(Absorbed.KNOWN);
    assertThat(absorb(ghost, "a", "y", 2)).as("below what was read").isEqualTo(Absorbed.KNOWN);

    assertThat(row(ghost).tallies()).isEqualTo(Map.of("a", new Tally(4, 1)));
    assertThat(row(ghost).events()).hasSize(1);
    assertThat(ghost.unwrittenCount()).isEqualTo(2);
  }

  @Test
  void theUnionCountsARepetitionOnceWhereverItWasRead() {
    absorb(ghost, "a", "x", 1);
    absorb(ghost, "a", "x", 4); // the row knows this one
    absorb(ghost, "a", "x", 6); // and not this one
    TransactionRow stored = stored(2, false, Map.of("a", new Tally(4, 1)), event("a", "x", 1));

    assertThat(ghost.unite(stored)).isEmpty();
    assertThat(ghost.unite(stored)).as("a union is idempotent").isEmpty();

    assertThat(row(ghost).tallies()).isEqualTo(Map.of("a", new Tally(6, 2)));
    assertThat(row(ghost).version()).isEqualTo(3);
    assertThat(ghost.unwrittenCount()).isEqualTo(1);
    ghost.committed(row(ghost), redelivered::put);
    assertThat(redelivered).isEqualTo(Map.of("a", 1));
    assertThat(ghost.hasUnwritten()).isFalse();
  }

  @Test
  void aReportThatTheRowHoldsIsARepetitionInTheUnion() {
    assertThat(absorb(ghost, "a", "x", 9)).isEqualTo(Absorbed.KEPT);

    ghost.unite(stored(1, false, Map.of("a", new Tally(1, 0)), event("a", "x", 1)));

    assertThat(ghost.events()).extracting(Event::offset).containsExactly(1L);
    assertThat(row(ghost).tallies().get("a")).isEqualTo(new Tally(9, 1));
  }

  @Test
  void whatIsOverTheBoundInTheUnionFallsOut() {
    absorb(ghost, "a", "x", 7);
    absorb(ghost, "a", "y", 8);
    absorb(ghost, "b", "z", 3);

    List<Fallen> fallen =
        ghost.unite(
            stored(1, false, Map.of("a", new Tally(2, 0)), event("a", "m", 1), event("a", "n", 2)));

    assertThat(fallen).extracting(Fallen::source).containsExactly("a");
    assertThat(fallen).extracting(one -> one.raw().offset()).containsExactly(8L);
    assertThat(row(ghost).overflow()).isTrue();
    assertThat(row(ghost).events()).extracting(Event::eventId).containsExactly("m", "n", "x", "z");
    assertThat(row(ghost).tallies().get("a"))
        .as("what fell out is not in it")
        .isEqualTo(new Tally(7, 0));
  }

  @Test
  void anOverflowThatTheRowKnowsIsNoNews() {
    Event[] full = {event("a", "m", 1), event("a", "n", 2), event("a", "o", 3)};
    ghost.unite(stored(1, true, Map.of("a", new Tally(3, 0)), full));

    assertThat(absorb(ghost, "a", "x", 7)).isEqualTo(Absorbed.OVER);
    assertThat(ghost.hasUnwritten()).isFalse();
    assertThat(absorb(ghost, "a", "m", 8)).as("even a repetition").isEqualTo(Absorbed.OVER);
  }

  @Test
  void theFirstOverflowIsNews() {
    Event[] full = {event("a", "m", 1), event("a", "n", 2), event("a", "o", 3)};
    ghost.unite(stored(1, false, Map.of("a", new Tally(3, 0)), full));
    assertThat(ghost.hasUnwritten()).isFalse();

    absorb(ghost, "a", "x", 7);

    assertThat(ghost.hasUnwritten()).isTrue();
    assertThat(ghost.unwrittenCount()).isZero();
  }

  @Test
  void whatCameDuringTheCommitStaysUnwritten() {
    absorb(ghost, "a", "x", 1);
    TransactionRow inFlight = row(ghost);
    absorb(ghost, "a", "y", 2);
    absorb(ghost, "b", "z", 1);

    ghost.committed(inFlight, redelivered::put);

    assertThat(ghost.version()).isEqualTo(1);
    assertThat(ghost.unwrittenCount()).isEqualTo(2);
    assertThat(redelivered).isEmpty();
  }

  @Test
  void aRowThatIsGoneIsWrittenAnew() {
    ghost.unite(stored(4, false, Map.of("a", new Tally(1, 0)), event("a", "x", 1)));
    ghost.forgetRow();

    assertThat(ghost.version()).isZero();
    assertThat(ghost.written()).isNull();
    assertThat(row(ghost).version()).isEqualTo(1);
    assertThat(row(ghost).events()).hasSize(1);
  }

  @Test
  void onlyNewRecordsAreExpelled() {
    ghost.unite(stored(1, false, Map.of("a", new Tally(1, 0)), event("a", "x", 1)));
    absorb(ghost, "a", "y", 2);
    absorb(ghost, "a", "x", 3);
    absorb(ghost, "b", "z", 1);

    TransactionRow refused = row(ghost);
    absorb(ghost, "b", "later", 2);

    assertThat(ghost.expel(refused))
        .extracting(one -> one.source() + one.raw().offset())
        .containsExactly("a2", "a3", "b1");
    assertThat(ghost.events()).extracting(Event::eventId).containsExactly("x", "later");
    assertThat(ghost.isEmpty()).isFalse();
    assertThat(row(ghost).tallies()).isEqualTo(Map.of("a", new Tally(1, 0), "b", new Tally(2, 0)));
  }
}
