package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may leave memory, who is due, who is old. */
class OpenTransactionsTest {

  private final OpenTransactions memory = new OpenTransactions();

  private OpenTransaction fresh(String txnId, long bornMs) {
    OpenTransaction open = new OpenTransaction(txnId, bornMs, 3);
    memory.add(open);
    memory.touch(open);
    memory.rest(open);
    return open;
  }

  /** Equal to its row, with a deadline or settled. */
  private OpenTransaction written(String txnId, long deadlineMs) {
    OpenTransaction open = new OpenTransaction(txnId, 0, 3);
    Verdict verdict =
        new Verdict(State.PENDING, "", null, List.of(), 0, deadlineMs, 1, List.of(), 0, "");
    open.unite(new TransactionRow(txnId, 1, List.of(), Map.of(), false, verdict));
    memory.add(open);
    memory.deadline(open, deadlineMs);
    memory.rest(open);
    return open;
  }

  private List<String> inMemory(String... txnIds) {
    return List.of(txnIds).stream().filter(txnId -> memory.find(txnId) != null).toList();
  }

  @Test
  void theSettledLeaveFirstTheLeastRecentlyUsedOfThemFirst() {
    OpenTransaction one = written("S1", Event.NONE);
    written("S2", Event.NONE);
    written("S3", Event.NONE);
    memory.refresh(one);

    assertThat(memory.evict(100, 1)).isEqualTo(Event.NONE);

    assertThat(inMemory("S1", "S2", "S3")).containsExactly("S1");
  }

  @Test
  void pastTheLimitThoseThatWaitLeaveAndTheEarliestDeadlineIsRemembered() {
    written("W1", 70);
    written("W2", 50);
    written("W3", 60);
    written("S1", Event.NONE);

    assertThat(memory.evict(1, 10)).isEqualTo(50);

    assertThat(inMemory("W1", "W2", "W3", "S1")).containsExactly("W3");
    assertThat(memory.earliestDeadlineMs()).as("the others' are void").isEqualTo(60);
  }

  @Test
  void whatIsFreshTouchedOrInFlightStays() {
    fresh("F", 0);
    memory.touch(written("T", 50));
    memory.depart(written("D", 60));

    assertThat(memory.evict(0, 0)).isEqualTo(Event.NONE);

    assertThat(inMemory("F", "T", "D")).containsExactly("F", "T", "D");
  }

  @Test
  void refreshingWhatIsNotSettledChangesNothing() {
    OpenTransaction waiting = written("W", 50);
    memory.refresh(waiting);
    memory.evict(0, 10);
    assertThat(memory.size()).isZero();
  }

  @Test
  void theDueAreTakenEarliestFirstWithAllOfTheLastDeadline() {
    written("W3", 30);
    written("W1", 10);
    written("W2b", 20);
    written("W2a", 20);
    List<OpenTransaction> due = new ArrayList<>();

    long judgeMs = memory.takeDue(100, 2, due);

    assertThat(due).extracting(open -> open.txnId).containsExactly("W1", "W2a", "W2b");
    assertThat(judgeMs).as("the first deadline that was left").isEqualTo(30);
  }

  @Test
  void aDeadlineIsNotDueAtItsOwnMillisecond() {
    written("W", 30);
    List<OpenTransaction> due = new ArrayList<>();
    assertThat(memory.takeDue(30, 9, due)).isEqualTo(30);
    assertThat(due).isEmpty();
    assertThat(memory.takeDue(31, 9, due)).isEqualTo(31);
    assertThat(due).hasSize(1);
  }

  @Test
  void aDeadlineThatMovedIsNotDueTwice() {
    OpenTransaction open = written("W", 30);
    memory.deadline(open, 40);
    memory.deadline(open, 40);
    List<OpenTransaction> due = new ArrayList<>();
    memory.takeDue(35, 9, due);
    assertThat(due).isEmpty();
    assertThat(memory.earliestDeadlineMs()).isEqualTo(40);
    memory.deadline(open, Event.NONE);
    assertThat(memory.earliestDeadlineMs()).isEqualTo(Event.NONE);
  }

  @Test
  void theOldAreTakenOldestFirstAndNoMoreThanAsked() {
    fresh("F1", 1);
    fresh("F2", 2);
    fresh("F3", 3);
    assertThat(memory.aged(2, 9)).extracting(open -> open.txnId).containsExactly("F1", "F2");
    assertThat(memory.aged(9, 1)).extracting(open -> open.txnId).containsExactly("F1");
    assertThat(memory.oldest(2)).extracting(open -> open.txnId).containsExactly("F1", "F2");
  }

  @Test
  void whatNeverWasLeavesEveryRoom() {
    OpenTransaction open = fresh("F", 1);
    memory.deadline(open, 50);
    memory.forget(open);
    assertThat(memory.size()).isZero();
    assertThat(memory.oldest(9)).isEmpty();
    assertThat(memory.earliestDeadlineMs()).isEqualTo(Event.NONE);
  }
}
