package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Change.Kind;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What subscribers hear between two verdicts. */
class ChangesTest {

  private static Mismatch amount(String actual, long openedAtMs) {
    return new Mismatch(
        MismatchType.AMOUNT,
        "bank",
        "amount",
        "5000",
        actual,
        -1L,
        0L,
        "INR",
        "amount@1",
        List.of("gateway", "bank"),
        Severity.HIGH,
        openedAtMs,
        Event.NONE,
        null);
  }

  private static Mismatch missing(String source) {
    return new Mismatch(
        MismatchType.MISSING,
        source,
        "source",
        source,
        null,
        null,
        null,
        null,
        "missing@1",
        List.of(source),
        Severity.LOW,
        60,
        Event.NONE,
        null);
  }

  private static Verdict verdict(Mismatch... mismatches) {
    return new Verdict(
        State.MISMATCHED, "", null, List.of(mismatches), 0, Event.NONE, 1, List.of(), 0, "");
  }

  private static List<String> heard(@Nullable Verdict before, Verdict after) {
    return Changes.between(before, after).stream()
        .map(change -> change.kind() + " " + change.mismatch().key().type())
        .toList();
  }

  @Test
  void sayNothingTwice() {
    assertThat(heard(verdict(amount("1", 3)), verdict(amount("1", 3)))).isEmpty();
    assertThat(heard(null, verdict())).isEmpty();
  }

  @Test
  void openChangeCloseReopen() {
    Mismatch open = amount("1", 3);
    Mismatch closed = open.closed(9, Mismatch.EVIDENCE);
    assertThat(heard(null, verdict(open))).containsExactly("OPENED AMOUNT");
    assertThat(heard(verdict(), verdict(open))).containsExactly("OPENED AMOUNT");
    assertThat(heard(verdict(open), verdict(amount("2", 3)))).containsExactly("CHANGED AMOUNT");
    assertThat(heard(verdict(open), verdict(closed))).containsExactly("CLOSED AMOUNT");
    assertThat(heard(verdict(closed), verdict(amount("1", 20)))).containsExactly("REOPENED AMOUNT");
  }

  @Test
  void aMissingThatNobodyAnnouncedIsOnlyClosed() {
    Mismatch healed = missing("bank").closed(75, Mismatch.LATE_ARRIVAL);
    assertThat(heard(null, verdict(healed))).containsExactly("CLOSED MISSING");
  }

  @Test
  void earlierEvidenceWithdrawsWhatItUndoes() {
    Mismatch announced = amount("1", 3);
    List<Changes.Unnumbered> changes =
        Changes.between(verdict(announced, missing("bank")), verdict(missing("bank")));

    assertThat(changes)
        .containsExactly(
            new Changes.Unnumbered(Kind.CLOSED, announced.closed(3, Mismatch.WITHDRAWN)));
    assertThat(Changes.removed(verdict(announced, missing("bank")), verdict(missing("bank"))))
        .containsExactly(announced.key());
    assertThat(Changes.removed(null, verdict(announced))).isEmpty();
  }

  @Test
  void theOrderIsTypeThenSource() {
    assertThat(
            Changes.between(verdict(missing("b"), missing("a"), amount("1", 3)), verdict()).stream()
                .map(change -> change.mismatch().key()))
        .containsExactly(
            new Mismatch.Key(MismatchType.AMOUNT, "bank"),
            new Mismatch.Key(MismatchType.MISSING, "a"),
            new Mismatch.Key(MismatchType.MISSING, "b"));
  }
}
