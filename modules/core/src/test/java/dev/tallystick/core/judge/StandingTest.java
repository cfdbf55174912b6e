package dev.tallystick.core.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.judge.Standing.SourceStanding;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said before a verdict: who has reported what, and who is awaited until when. */
class StandingTest {

  private static final Rulebook RULES = Stories.settlement();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing                       | ''                                               | INIT              | -    | gateway awaited, bank awaited, mobile
          one report                    | gateway @2                                       | GATEWAY_RECEIVED  | 5000 | gateway 5000 until 62, bank awaited until 62, mobile until 92
          both, whatever they say       | gateway, bank 4500 @3                            | 2_OF_2_RECEIVED   | 5000 | gateway 5000 until 60, bank 4500 until 60, mobile until 90
          only the bank                 | bank 4500 @3                                     | BANK_RECEIVED     | 4500 | gateway awaited until 63, bank 4500 until 63, mobile until 93
          mobile is expected now        | gateway channel=MOBILE                           | GATEWAY_RECEIVED  | 5000 | gateway 5000 until 60, bank awaited until 60, mobile awaited until 90
          not final: something is still awaited | gateway AUTHORIZED                       | GATEWAY_RECEIVED  | 5000 | gateway awaited 5000 until 60, bank awaited until 60, mobile until 90
          a type that does not count    | gateway type=PAYMENT_REFUNDED                    | GATEWAY_RECEIVED  | -    | gateway awaited until 60, bank awaited until 60, mobile until 90
          the last final one stands     | gateway 1, gateway 2 type=LEDGER_POSTED @1, gateway 3 PENDING @2 | GATEWAY_RECEIVED | 2 | gateway 2 until 60, bank awaited until 60, mobile until 90
          """)
  void says(String story, String reported, String waiting, String amount, String sources) {
    Reconciliation rules = RULES.newest();

    Standing standing = Standing.of(Stories.events(reported), rules);

    assertThat(standing.waiting()).isEqualTo(waiting);
    Event shown = standing.amountShown();
    assertThat(shown == null ? "-" : "" + shown.amountMinor()).isEqualTo(amount);
    assertThat(
            standing.sources().stream().map(StandingTest::told).collect(Collectors.joining(", ")))
        .isEqualTo(sources);
  }

  private static String told(SourceStanding source) {
    Event view = source.view();
    return source.rule().name()
        + (source.expected() && !source.complete() ? " awaited" : "")
        + (view == null ? "" : " " + view.amountMinor())
        + (source.deadlineMs() == Event.NONE ? "" : " until " + source.deadlineMs() / 1_000);
  }
}
