package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How far time may be judged: as far as the due rows of PostgreSQL are in memory. */
class HorizonTest {

  private final Horizon horizon = new Horizon(2);

  private static List<TransactionRow> rows(long... deadlinesMs) {
    return Arrays.stream(deadlinesMs).mapToObj(HorizonTest::row).toList();
  }

  private static TransactionRow row(long deadlineMs) {
    Verdict verdict =
        new Verdict(State.PENDING, "", null, List.of(), 0, deadlineMs, 1, List.of(), 0, "");
    return new TransactionRow("T" + deadlineMs, 1, List.of(), Map.of(), false, verdict);
  }

  @Test
  void nothingIsKnownBeforeTheFirstAnswer() {
    assertThat(horizon.ms()).isEqualTo(Long.MIN_VALUE);
    assertThat(horizon.ask(Event.NONE)).as("time that stands needs no rows").isFalse();
    assertThat(horizon.ask(100)).isTrue();
    assertThat(horizon.ask(200)).as("one question at a time").isFalse();
  }

  @Test
  void aShortAnswerIsAllThereIs() {
    horizon.ask(100);
    horizon.answered(rows(10), false);
    assertThat(horizon.ms()).isEqualTo(Long.MAX_VALUE);
    assertThat(horizon.ask(1_000_000)).isFalse();
  }

  @Test
  void aFullPageIsKnownUpToItsLastDeadline() {
    horizon.ask(100);
    horizon.answered(rows(10, 20), true);
    assertThat(horizon.ms()).isEqualTo(20);
    assertThat(horizon.ask(20)).isFalse();
    assertThat(horizon.ask(21)).as("before the page was judged").isFalse();
    horizon.committed();
    assertThat(horizon.ask(21)).isTrue();
    horizon.answered(rows(15, 18), true);
    assertThat(horizon.ms()).as("known stays known").isEqualTo(20);
  }

  @Test
  void aPageOfOneDeadlineAsksForMoreAndAnOtherPageForTheUsual() {
    horizon.ask(100);
    horizon.answered(rows(10, 10), true);
    assertThat(horizon.limit()).isEqualTo(4);
    horizon.ask(100);
    horizon.answered(rows(10, 10, 10, 10), true);
    assertThat(horizon.limit()).isEqualTo(8);
    horizon.ask(100);
    horizon.answered(rows(10, 10, 10, 10, 11), false);
    assertThat(horizon.limit()).isEqualTo(2);
  }

  @Test
  void aFullPageWithTwoDeadlinesTakesTheLimitBack() {
    horizon.ask(100);
    horizon.answered(rows(10, 10), true);
    horizon.ask(100);
    horizon.answered(rows(10, 10, 10, 20), true);
    assertThat(horizon.limit()).isEqualTo(2);
  }

  @Test
  void whatLeavesMemoryHasToBeAskedForAgain() {
    horizon.ask(100);
    horizon.answered(rows(), false);
    horizon.left(50);
    assertThat(horizon.ms()).isEqualTo(50);
    horizon.left(70);
    assertThat(horizon.ms()).isEqualTo(50);
    assertThat(horizon.ask(51)).isTrue();
  }

  @Test
  void whatLeftWhileTheAnswerWasOnItsWayIsNotInIt() {
    horizon.ask(100);
    horizon.left(40);
    horizon.answered(rows(10), false);
    assertThat(horizon.ms()).isEqualTo(40);

    horizon.ask(100);
    horizon.left(30);
    horizon.answered(rows(40, 60), true);
    assertThat(horizon.ms()).isEqualTo(30);
  }

  @Test
  void aFailedQuestionIsAskedAgain() {
    horizon.ask(100);
    horizon.failed();
    assertThat(horizon.ask(100)).isTrue();
  }
}
