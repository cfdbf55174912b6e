package dev.tallystick.core.judge;

import static dev.tallystick.core.judge.Stories.command;
import static dev.tallystick.core.judge.Stories.events;
import static dev.tallystick.core.judge.Stories.mismatches;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The story table: what was reported, until when time is proven, and what the verdict says.
 * Deadlines are 60 s after the first arrival (mobile: 90 s), the tolerance of an amount is 10 minor
 * units. Read {@link Stories} for the language.
 */
class ReconcilerTest {

  private static final Rulebook RULES = Stories.settlement();

  private static Verdict judge(List<Event> events, String seconds, String... ticked) {
    return Reconciler.judge(events, RULES, Stories.milliseconds(seconds), List.of(ticked));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "?",
      textBlock =
          """
          # the story                          | reported                                                  | until | state      | label                 | next | mismatches
          nothing but a report                 | gateway                                                   | -     | PENDING    | GATEWAY_RECEIVED      | 60   | ''
          both agree                           | gateway, bank @3                                          | -     | MATCHED    | MATCHED               | -    | ''
          a synonym is agreement               | gateway CAPTURED, bank SUCCESS @3                         | -     | MATCHED    | MATCHED               | -    | ''
          waiting is not broken                | gateway                                                   | 60    | PENDING    | GATEWAY_RECEIVED      | 60   | ''
          bank missing after its time          | gateway                                                   | 60.001| OVERDUE    | BANK_MISSING          | -    | MISSING bank @60
          the reference may be missing         | bank @2                                                   | 63    | OVERDUE    | GATEWAY_MISSING       | -    | MISSING gateway @62
          5000 against 4500                    | gateway 5000, bank 4500 @3                                | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>4500 @3
          exactly the tolerance                | gateway 5000, bank 4990 @3                                | -     | MATCHED    | MATCHED               | -    | ''
          one more than the tolerance          | gateway 5000, bank 4989 @3                                | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>4989 @3
          the fee explains it                  | gateway 5000 fee=75, bank 4925 @3                         | -     | MATCHED    | MATCHED               | -    | ''
          a late arrival heals                 | gateway, bank @75                                         | 80    | MATCHED    | MATCHED               | -    | MISSING bank @60-75 LATE_ARRIVAL
          late, and nobody had noticed         | gateway, bank @75                                         | -     | MATCHED    | MATCHED               | -    | MISSING bank @60-75 LATE_ARRIVAL
          the deadline's millisecond is in time| gateway, bank @60                                         | 99    | MATCHED    | MATCHED               | -    | ''
          late and wrong                       | gateway, bank 1 @75                                       | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>1 @75, MISSING bank @60-75 LATE_ARRIVAL
          twice under another id               | gateway, bank @3, bank @4                                 | -     | MISMATCHED | DUPLICATE             | -    | DUPLICATE bank event_id @4
          the id again, another amount         | gateway, bank #b @3, bank #b 4500 @4                      | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>4500 @4, DUPLICATE bank amount @4
          the id again, another status first   | gateway, bank #b @3, bank #b FAILED 1 @4                  | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>1 @4, STATUS bank SUCCESS>FAILED @4, DUPLICATE bank status @4
          two types are no duplicate           | gateway, bank @3, bank type=LEDGER_POSTED @4              | -     | MATCHED    | MATCHED               | -    | ''
          authorized, then captured            | gateway, bank AUTHORIZED @3, bank @4                      | -     | MATCHED    | MATCHED               | -    | ''
          corrected                            | gateway, bank 4500 @3, bank type=LEDGER_POSTED @9         | -     | MATCHED    | MATCHED               | -    | AMOUNT bank 5000>4500 @3-9 EVIDENCE
          corrected, then wrong again          | gateway, bank 1 @3, bank type=LEDGER_POSTED @9, bank FAILED 1 #bank0 @20 | - | MISMATCHED | AMOUNT_MISMATCH | -   | AMOUNT bank 5000>1 @20, STATUS bank SUCCESS>FAILED @20, DUPLICATE bank status @20
          a type that does not count           | gateway, bank type=PAYMENT_REFUNDED @3                    | -     | PENDING    | 2_OF_2_RECEIVED       | 60   | ''
          and does not stand for the source    | gateway, bank type=PAYMENT_REFUNDED @3                    | 61    | OVERDUE    | BANK_MISSING          | -    | MISSING bank @60
          pending before the deadline          | gateway, bank PENDING 1 @3                                | 60    | PENDING    | 2_OF_2_RECEIVED       | 60   | ''
          pending after it: as it stands       | gateway, bank PENDING 1 @3                                | 61    | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>1 @60, STATUS bank SUCCESS>PENDING @60
          final after it                       | gateway, bank PENDING @3, bank type=LEDGER_POSTED @70     | 80    | MATCHED    | MATCHED               | -    | STATUS bank SUCCESS>PENDING @60-70 EVIDENCE
          a straggling PENDING is no news      | gateway, bank @3, bank PENDING #p @9                      | 99    | MATCHED    | MATCHED               | -    | ''
          not even a later amount of it        | gateway, bank @3, bank PENDING 7 #p @9                    | 99    | MATCHED    | MATCHED               | -    | ''
          the reference is pending             | gateway PENDING, bank 1 @3                                | 30    | PENDING    | 2_OF_2_RECEIVED       | 60   | ''
          a currency hides the amount          | gateway, bank 1 USD @3                                    | -     | MISMATCHED | CURRENCY_MISMATCH     | -    | CURRENCY bank INR>USD @3
          a failure against a success          | gateway, bank FAILED @3                                   | -     | MISMATCHED | STATUS_MISMATCH       | -    | STATUS bank SUCCESS>FAILED @3
          two accounts                         | gateway account=A, bank account=B @3                      | -     | MISMATCHED | ACCOUNT_MISMATCH      | -    | ACCOUNT bank A>B @3
          one account                          | gateway account=A, bank @3                                | -     | MATCHED    | MATCHED               | -    | ''
          five minutes apart agree             | gateway at=0, bank at=300 @3                              | -     | MATCHED    | MATCHED               | -    | ''
          more do not                          | gateway at=0, bank at=301 @3                              | -     | MISMATCHED | TIMESTAMP_MISMATCH    | -    | TIMESTAMP bank by 301000 @3
          mobile said nothing, rightly         | gateway channel=WEB, bank @3                              | 99    | MATCHED    | MATCHED               | -    | ''
          mobile is expected                   | gateway channel=MOBILE, bank @3                           | 9     | PENDING    | 2_OF_3_RECEIVED       | 90   | ''
          and missing                          | gateway channel=MOBILE, bank @3                           | 91    | OVERDUE    | MOBILE_MISSING        | -    | MISSING mobile @90
          and agrees                           | gateway channel=MOBILE, bank @3, mobile @5                | -     | MATCHED    | MATCHED               | -    | ''
          mobile alone is no surprise          | mobile                                                    | 9     | PENDING    | MOBILE_RECEIVED       | 60   | ''
          mobile was not expected              | gateway channel=WEB, bank @3, mobile 1 @5                 | -     | MISMATCHED | UNEXPECTED            | -    | UNEXPECTED mobile @5
          becomes expected later               | gateway channel=WEB, mobile @5, bank channel=MOBILE @8    | -     | MATCHED    | MATCHED               | -    | UNEXPECTED mobile @5-8 EVIDENCE
          expected only after its deadline     | gateway channel=WEB, bank @3, bank type=LEDGER_POSTED channel=MOBILE @95 | - | PENDING | 2_OF_3_RECEIVED  | 90   | ''
          and therefore missing at once        | gateway channel=WEB, bank @3, bank type=LEDGER_POSTED channel=MOBILE @95 | 96 | OVERDUE | MOBILE_MISSING  | -    | MISSING mobile @95
          two missing: the first in the list   | mobile channel=MOBILE                                     | 99    | OVERDUE    | GATEWAY_MISSING       | -    | MISSING bank @60, MISSING gateway @60
          the worst gives the label            | gateway account=A, bank account=B FAILED at=999 @3        | -     | MISMATCHED | STATUS_MISMATCH       | -    | STATUS bank SUCCESS>FAILED @3, ACCOUNT bank A>B @3, TIMESTAMP bank by 999000 @3
          one wrong, one silent                | gateway channel=MOBILE, bank 1 @3                         | 91    | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>1 @3, MISSING mobile @90
          a timestamp steps back in its topic  | gateway @10, bank @9, bank type=LEDGER_POSTED 4500 @4     | -     | MISMATCHED | AMOUNT_MISMATCH       | -    | AMOUNT bank 5000>4500 @10
          a source the definition never named  | gateway, bank @3, stripe 1 @4                             | -     | MATCHED    | MATCHED               | -    | ''
          """)
  void story(
      String story,
      String reported,
      String until,
      State state,
      String label,
      String next,
      String expected) {
    List<Event> events = events(reported);

    Verdict verdict = judge(events, until);

    assertThat(mismatches(verdict)).as(story).isEqualTo(expected);
    assertThat(verdict.label()).as(story).isEqualTo(label);
    assertThat(verdict.state()).as(story).isEqualTo(state);
    assertThat(Stories.seconds(verdict.nextDeadlineMs())).as(story).isEqualTo(next);
    assertThat(judge(events.reversed(), until)).as("told backwards").isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event_type   | type=LEDGER_POSTED FAILED
          status       | FAILED 1
          amount       | 1 USD
          currency     | USD account=B
          account      | account=B to=B
          counterparty | to=B at=1
          timestamp    | at=1 ref=B
          reference    | ref=B channel=WEB
          channel      | channel=WEB fee=1
          fee          | fee=1 note=B
          attributes   | note=B
          content      | unknown=1
          """)
  void aDuplicateNamesTheFirstFieldThatDiffers(String field, String changed) {
    Verdict verdict = judge(events("gateway, bank #b, bank #b " + changed), "-");

    assertThat(mismatch(verdict, MismatchType.DUPLICATE).field()).isEqualTo(field);
  }

  /** Major units: JPY has none below, INR a hundredth, KWD a thousandth. */
  @ParameterizedTest(name = "{0} of {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MISSING   | gateway 999 JPY                               | MEDIUM
          MISSING   | gateway 1000 JPY                              | HIGH
          MISSING   | gateway 10000 JPY                             | CRITICAL
          MISSING   | gateway 99999 INR                             | MEDIUM
          MISSING   | gateway 100000 INR                            | HIGH
          MISSING   | gateway 999999 INR                            | HIGH
          MISSING   | gateway 1000000 INR                           | CRITICAL
          MISSING   | gateway 999999 KWD                            | MEDIUM
          MISSING   | gateway 1000000 KWD                           | HIGH
          MISSING   | gateway 10000000 KWD                          | CRITICAL
          MISSING   | bank -1000000 INR                             | CRITICAL
          AMOUNT    | gateway 5000, bank 4500                       | HIGH
          AMOUNT    | gateway 9000000, bank 8999000                 | HIGH
          AMOUNT    | gateway 9000000, bank 8000000                 | CRITICAL
          CURRENCY  | gateway 1, bank 1 USD                         | CRITICAL
          DUPLICATE | gateway, bank, bank #b2                       | HIGH
          STATUS    | gateway, bank FAILED                          | MEDIUM
          STATUS    | gateway 1000000, bank 1000000 FAILED          | CRITICAL
          ACCOUNT   | gateway account=A, bank account=B             | MEDIUM
          MISSING   | gateway 1000000 XXX                           | CRITICAL
          UNEXPECTED| gateway channel=WEB, mobile                   | MEDIUM
          TIMESTAMP | gateway at=0, bank at=999                     | LOW
          """)
  void severity(MismatchType type, String reported, Severity severity) {
    assertThat(mismatch(judge(events(reported), "99"), type).severity()).isEqualTo(severity);
  }

  @Test
  void anAmountMismatchSaysAllThatItWasFoundWith() {
    Mismatch found = mismatch(judge(events("gateway, bank 4500 @3"), "-"), MismatchType.AMOUNT);

    assertThat(found)
        .isEqualTo(
            new Mismatch(
                MismatchType.AMOUNT,
                "bank",
                "amount",
                "5000",
                "4500",
                -500L,
                10L,
                "INR",
                "amount@1",
                List.of("gateway", "bank"),
                Severity.HIGH,
                3_000,
                Event.NONE,
                null));
  }

  @Test
  void theAmountShownIsTheReferencesElseTheFirstSourcesThatHasOne() {
    assertThat(judge(events("mobile 7, bank 6, gateway 5"), "-").amountMinor()).isEqualTo(5);
    assertThat(judge(events("mobile 7, bank 6 USD"), "-"))
        .extracting(Verdict::amountMinor, Verdict::currency)
        .containsExactly(6L, "USD");
    assertThat(judge(events("bank type=PAYMENT_REFUNDED"), "-").currency()).isEmpty();
  }

  @Test
  void aMissingIsTakenBackByEventsAndNotByALowerWatermark() {
    List<Event> alone = events("gateway");
    assertThat(judge(alone, "61").ticked()).containsExactly("bank");

    assertThat(judge(alone, "-", "bank").label()).isEqualTo("BANK_MISSING");
    assertThat(judge(alone, "-").label()).isEqualTo("GATEWAY_RECEIVED");
    assertThat(judge(events("gateway, bank @59"), "-", "bank").mismatches()).isEmpty();
  }

  private static Mismatch mismatch(Verdict verdict, MismatchType type) {
    return verdict.mismatches().stream()
        .filter(found -> found.type() == type)
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " is not in " + verdict));
  }

  // ---- versions

  private static Rulebook twoVersions() {
    return new Rulebook(
        List.of(
            Stories.version(2, 100_000, Stories.rules(null), 60, 10, 90),
            Stories.version(1, Event.NONE, Stories.rules("missing"), 60, 60, 90)));
  }

  private static Verdict judgeByTwo(List<Event> events, String until) {
    return Reconciler.judge(events, twoVersions(), Stories.milliseconds(until), List.of());
  }

  @Test
  void theFirstArrivalPinsTheVersion() {
    assertThat(judgeByTwo(events("gateway @99.999"), "-").ruleVersion()).isEqualTo(1);
    Verdict second = judgeByTwo(events("gateway @100, bank 1 @101"), "-");
    assertThat(second.ruleVersion()).isEqualTo(2);
    assertThat(second.mismatches()).extracting(Mismatch::rule).containsExactly("amount@2");
    assertThat(judgeByTwo(events("bank @99, gateway @100"), "-").ruleVersion())
        .as("an earlier arrival that is read later")
        .isEqualTo(1);
  }

  @Test
  void whereMissingIsSwitchedOffASilentSourceIsOnlyAwaited() {
    Verdict verdict = judgeByTwo(events("gateway @100"), "999");
    assertThat(verdict.state()).isEqualTo(State.PENDING);
    assertThat(verdict.nextDeadlineMs()).isEqualTo(Event.NONE);
  }

  @Test
  void whatIsSwitchedOffIsNoMismatch() {
    RuleSet off = new RuleSet(List.of(), Stories.STATUSES, null, null, null);
    Rulebook nothing = new Rulebook(List.of(Stories.version(1, Event.NONE, off, 60, 60, 90)));
    List<Event> all = events("gateway 1 channel=WEB, bank 2 @3, bank 2 @4, mobile 7 @5");

    Verdict verdict = Reconciler.judge(all, nothing, Event.NONE, List.of());

    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.state()).isEqualTo(State.MATCHED);
  }

  @Test
  void anOrderToRejudgeNamesTheVersion() {
    List<Event> events = new ArrayList<>(events("gateway @100"));
    events.add(command(OperatorCommand.REJUDGE, 0, 200, 1));
    assertThat(judgeByTwo(events, "999").label()).isEqualTo("BANK_MISSING");

    events.add(command(OperatorCommand.REJUDGE, 1, 201, 7)); // nobody knows a seventh
    assertThat(judgeByTwo(events, "999").ruleVersion()).isEqualTo(2);
  }

  // ---- operators

  private static OperatorCommand.Accepted accepted(String reported, MismatchType type) {
    return mismatch(judge(events(reported), "99"), type).asAccepted();
  }

  private static Verdict judgeWith(String reported, String until, Event... commands) {
    List<Event> events = new ArrayList<>(events(reported));
    events.addAll(List.of(commands));
    return judge(events, until);
  }

  private static final String WRONG = "gateway, bank 4500 @3";
  private static final String WRONG_TWICE = "gateway, bank 4500 FAILED @3";

  @Test
  void resolvedByWhoAcceptsAllThatIsOpen() {
    Event resolve = command("RESOLVE", 0, 10, 0, accepted(WRONG, MismatchType.AMOUNT));

    Verdict verdict = judgeWith(WRONG, "-", resolve);

    assertThat(verdict.state()).isEqualTo(State.RESOLVED);
    assertThat(verdict.label()).isEqualTo("RESOLVED");
    assertThat(verdict.worst()).isNull();
    assertThat(mismatches(verdict)).isEqualTo("AMOUNT bank 5000>4500 @3-10 olga");
  }

  @Test
  void aWriteOffOfAMissingCoversItEvenBeforeItOpens() {
    Event writeOff = command("WRITE_OFF", 0, 10, 0, accepted("gateway", MismatchType.MISSING));

    assertThat(judgeWith("gateway", "-", writeOff).state()).isEqualTo(State.RESOLVED);
    assertThat(mismatches(judgeWith("gateway", "99", writeOff)))
        .isEqualTo("MISSING bank @60-60 olga");
  }

  @Test
  void aCommandCoversOnlyWhatItWasDecidedOn() {
    Event resolve = command("RESOLVE", 0, 10, 0, accepted(WRONG, MismatchType.AMOUNT));

    Verdict verdict = judgeWith(WRONG_TWICE, "-", resolve);

    assertThat(verdict.state()).isEqualTo(State.MISMATCHED);
    assertThat(verdict.label()).isEqualTo("STATUS_MISMATCH");
    assertThat(mismatches(verdict))
        .isEqualTo("AMOUNT bank 5000>4500 @3-10 olga, STATUS bank SUCCESS>FAILED @3");
  }

  @Test
  void resolvedReopensOnlyForWhatWasNotAccepted() {
    Event resolve = command("RESOLVE", 0, 10, 0, accepted(WRONG, MismatchType.AMOUNT));

    assertThat(judgeWith(WRONG + ", bank type=LEDGER_POSTED @20", "-", resolve).state())
        .as("a mismatch that heals")
        .isEqualTo(State.RESOLVED);
    assertThat(judgeWith(WRONG + ", bank type=LEDGER_POSTED 4500 @20", "-", resolve).state())
        .as("the same again")
        .isEqualTo(State.RESOLVED);
    assertThat(judgeWith(WRONG + ", bank type=LEDGER_POSTED 4000 @20", "-", resolve).label())
        .as("another amount")
        .isEqualTo("AMOUNT_MISMATCH");
  }

  @Test
  void reopenTakesTheAcceptanceBackAndTheLastCommandCounts() {
    OperatorCommand.Accepted amount = accepted(WRONG, MismatchType.AMOUNT);
    Event resolve = command("RESOLVE", 0, 10, 0, amount);
    Event reopen = command("REOPEN", 1, 11, 0);
    Event again = command("RESOLVE", 2, 12, 0, amount);

    assertThat(judgeWith(WRONG, "-", reopen, resolve).label()).isEqualTo("AMOUNT_MISMATCH");
    assertThat(mismatches(judgeWith(WRONG, "-", again, reopen, resolve)))
        .isEqualTo("AMOUNT bank 5000>4500 @3-12 olga");
    assertThat(judgeWith("gateway, bank", "-", resolve, reopen).state()).isEqualTo(State.MATCHED);
  }

  @Test
  void rejudgeLeavesAnAcceptanceAsItIs() {
    Event resolve = command("RESOLVE", 0, 10, 0, accepted(WRONG, MismatchType.AMOUNT));
    Event rejudge = command("REJUDGE", 1, 11, 1);

    assertThat(mismatches(judgeWith(WRONG, "-", resolve, rejudge)))
        .isEqualTo("AMOUNT bank 5000>4500 @3-10 olga");
  }

  @Test
  void aCommandIsNoArrival() {
    Verdict alone = judge(List.of(command("RESOLVE", 0, 5, 0)), "999");
    assertThat(alone.label()).isEqualTo("INIT");
    assertThat(alone.state()).isEqualTo(State.PENDING);
    assertThat(alone.firstArrivalMs()).isEqualTo(Event.NONE);
    assertThat(alone.nextDeadlineMs()).isEqualTo(Event.NONE);

    Event unknown = command("SHRUG", 0, 5, 0);
    Verdict verdict = judgeWith("gateway @20", "-", unknown);
    assertThat(verdict.firstArrivalMs()).isEqualTo(20_000);
    assertThat(verdict.state()).isEqualTo(State.PENDING);
  }
}
