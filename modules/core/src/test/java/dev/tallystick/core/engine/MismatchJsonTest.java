package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Golden: browsers and webhooks read exactly this (contracts, section 4). */
class MismatchJsonTest {

  private static final long AT_MS = 1_766_052_930_120L;

  private static Change change(Change.Kind kind, Mismatch mismatch) {
    return new Change(1042, kind, "TXN1003", State.MISMATCHED, "AMOUNT_MISMATCH", 2, mismatch);
  }

  private static Mismatch amount(@Nullable String expected, String actual) {
    return new Mismatch(
        MismatchType.AMOUNT,
        "bank",
        "amount",
        expected,
        actual,
        -500L,
        0L,
        "INR",
        "amount@1",
        List.of("gateway", "bank"),
        Severity.HIGH,
        AT_MS,
        Event.NONE,
        null);
  }

  @Test
  void anAmountIsWrittenAsNumbers() {
    assertThat(
            MismatchJson.of(
                "settlement", 3, change(Change.Kind.OPENED, amount("5000", "4500")), AT_MS + 1))
        .isEqualTo(
            """
            {"v":1,"seq":1042,"partition":3,"reconciliation":"settlement","txn_id":"TXN1003",\
            "change":"OPENED","state":"MISMATCHED","label":"AMOUNT_MISMATCH","version":2,\
            "committed_at":"2025-12-18T10:15:30.121Z",\
            "mismatch":{"id":"c393e6981181daaacb6874ae1f4d28b0","type":"AMOUNT","source":"bank",\
            "severity":"HIGH","field":"amount","expected":5000,"actual":4500,"delta":-500,\
            "currency":"INR","tolerance":0,"rule":"amount@1","sources":["gateway","bank"],\
            "opened_at":"2025-12-18T10:15:30.120Z","closed_at":null,"closed_by":null}}\
            """);
  }

  @Test
  void whatIsNotThereIsNull() {
    Mismatch late =
        new Mismatch(
                MismatchType.MISSING,
                "bank",
                "source",
                "bank",
                null,
                null,
                null,
                null,
                "missing@1",
                List.of("bank"),
                Severity.MEDIUM,
                AT_MS,
                Event.NONE,
                null)
            .closed(AT_MS + 15_000, Mismatch.LATE_ARRIVAL);

    assertThat(MismatchJson.of("settlement", 3, change(Change.Kind.CLOSED, late), Event.NONE))
        .contains("\"committed_at\":null")
        .contains("\"expected\":\"bank\",\"actual\":null,\"delta\":null,\"currency\":null")
        .contains("\"tolerance\":null")
        .endsWith("\"closed_at\":\"2025-12-18T10:15:45.120Z\",\"closed_by\":\"LATE_ARRIVAL\"}}");
  }

  @Test
  void aCustomRulesAmountThatIsNoIntegerStaysText() {
    assertThat(MismatchJson.of("s", 0, change(Change.Kind.CHANGED, amount(null, "about 5")), AT_MS))
        .contains("\"expected\":null,\"actual\":\"about 5\"");
  }

  @Test
  void idsTellTheFourPartsApart() {
    assertThat(MismatchJson.id("ab", "c", MismatchType.AMOUNT, "d"))
        .isNotEqualTo(MismatchJson.id("a", "bc", MismatchType.AMOUNT, "d"))
        .matches("[0-9a-f]{32}");
  }
}
