package dev.tallystick.simulator.oracle;

import static dev.tallystick.simulator.oracle.Story.told;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.simulator.Presets;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import dev.tallystick.simulator.definition.MismatchType;
import org.junit.jupiter.api.Test;

/** Stories of single transactions, each the text of contracts section 3 or protocol section 2. */
class OracleTest {

  private static Story settlement() {
    return new Story(Presets.SETTLEMENT);
  }

  private static Story payments() {
    return new Story(Presets.PAYMENTS);
  }

  private static final String MOBILE = "\"channel\":\"MOBILE\"";
  private static final String WEB = "\"channel\":\"WEB\"";

  @Test
  void match() {
    Judged judged = settlement().at(0, "gateway", 5000).at(1, "bank", 5000).untilSecond(2);
    assertThat(told(judged)).isEqualTo("MATCHED MATCHED");
    assertThat(judged.nextDeadlineMs()).isNull();
    assertThat(judged.amountMinor()).isEqualTo(5000);
  }

  @Test
  void bankMissingAfterSixtySeconds() {
    Story story = settlement().at(0, "gateway", 5000);
    assertThat(told(story.withoutTime())).isEqualTo("PENDING GATEWAY_RECEIVED");
    assertThat(told(story.untilSecond(60))).isEqualTo("PENDING GATEWAY_RECEIVED");
    assertThat(story.untilSecond(60).nextDeadlineMs()).isEqualTo(Story.ms(60));
    Judged after = story.untilSecond(60.001);
    assertThat(told(after))
        .isEqualTo("OVERDUE BANK_MISSING | MISSING/bank source bank->null opened 60s");
    assertThat(after.nextDeadlineMs()).isNull();
    assertThat(after.mismatches().getFirst().rule()).isEqualTo("missing@1");
    assertThat(after.mismatches().getFirst().sources()).containsExactly("bank");
  }

  @Test
  void fiveThousandVersusFortyFiveHundred() {
    Judged judged = settlement().at(0, "gateway", 5000).at(1, "bank", 4500).untilSecond(2);
    assertThat(told(judged))
        .isEqualTo("MISMATCHED AMOUNT_MISMATCH | AMOUNT/bank amount 5000->4500 opened 1s");
    Finding amount = judged.mismatches().getFirst();
    assertThat(amount.delta()).isEqualTo(-500);
    assertThat(amount.tolerance()).isEqualTo(0);
    assertThat(amount.currency()).isEqualTo("INR");
    assertThat(amount.severity()).isEqualTo("HIGH");
    assertThat(amount.sources()).containsExactly("gateway", "bank");
  }

  @Test
  void aLateSourceHealsItsMissingWhetherOrNotAnyoneSawItOpen() {
    Story story = settlement().at(0, "gateway", 5000).at(65, "bank", 5000);
    String healed =
        "MATCHED MATCHED | MISSING/bank source bank->null opened 60s closed 65s LATE_ARRIVAL";
    assertThat(told(story.withoutTime())).isEqualTo(healed);
    assertThat(told(story.untilSecond(100))).isEqualTo(healed);
  }

  @Test
  void arrivingInTheMillisecondOfTheDeadlineIsInTime() {
    Story story = settlement().at(0, "gateway", 5000).at(60, "bank", 5000);
    assertThat(told(story.untilSecond(100))).isEqualTo("MATCHED MATCHED");
  }

  @Test
  void theDeadlineStrikesAfterTheEventsOfItsMillisecond() {
    Story story = settlement().at(0, "gateway", 5000).at(60, "bank", "b1", "PENDING", 5000, "");
    assertThat(told(story.untilSecond(61)))
        .isEqualTo("MISMATCHED STATUS_MISMATCH | STATUS/bank status SUCCESS->PENDING opened 60s");
  }

  @Test
  void theSameBusinessEventUnderAnotherIdIsADuplicate() {
    Story story =
        settlement()
            .at(0, "gateway", 5000)
            .at(1, "bank", "b1", "SUCCESS", 5000, "")
            .at(2, "bank", "b2", "SUCCESS", 5000, "")
            .at(3, "bank", "b3", "SUCCESS", 5000, "");
    assertThat(told(story.untilSecond(4)))
        .isEqualTo("MISMATCHED DUPLICATE | DUPLICATE/bank event_id b1->b2 opened 2s");
  }

  @Test
  void theSameIdWithOtherContentIsADuplicateNamingTheFirstField() {
    Story story =
        settlement()
            .at(0, "gateway", 5000)
            .at(1, "bank", "b1", "SUCCESS", 5000, "")
            .at(2, "bank", "b1", "SUCCESS", 5001, "\"account\":\"A\"");
    assertThat(told(story.untilSecond(4)))
        .isEqualTo(
            "MISMATCHED AMOUNT_MISMATCH | AMOUNT/bank amount 5000->5001 opened 2s"
                + " | DUPLICATE/bank amount 5000->5001 opened 2s");
  }

  @Test
  void anIdenticalReportIsARedeliveryAndNothingElse() {
    Story story = settlement().at(0, "gateway", 5000).at(1, "bank", 5000).at(70, "bank", 5000);
    Judged judged = story.untilSecond(100);
    assertThat(told(judged)).isEqualTo("MATCHED MATCHED");
    assertThat(judged.kept().redeliveries()).containsExactly(entry("bank", 1));
  }

  @Test
  void aConditionalSourceIsExpectedUnexpectedOrNeither() {
    Story web =
        payments().at(0, "core", "c", "SUCCESS", 5, WEB).at(1, "gateway", "g", "SUCCESS", 5, WEB);
    assertThat(told(web.untilSecond(90))).isEqualTo("MATCHED MATCHED");
    web.at(2, "mobile", "m", "SUCCESS", 7, WEB);
    assertThat(told(web.untilSecond(90)))
        .isEqualTo("MISMATCHED UNEXPECTED | UNEXPECTED/mobile source null->mobile opened 2s");

    Story app =
        payments()
            .at(0, "core", "c", "SUCCESS", 5, MOBILE)
            .at(1, "gateway", "g", "SUCCESS", 5, MOBILE);
    assertThat(told(app.untilSecond(5))).isEqualTo("PENDING 2_OF_3_RECEIVED");
    assertThat(told(app.untilSecond(90)))
        .isEqualTo("OVERDUE MOBILE_MISSING | MISSING/mobile source mobile->null opened 60s");

    Story alone = payments().at(0, "mobile", "m", "SUCCESS", 5, WEB);
    assertThat(told(alone.untilSecond(5))).isEqualTo("PENDING MOBILE_RECEIVED");
    assertThat(told(alone.at(1, "core", "c", "SUCCESS", 5, WEB).untilSecond(5)))
        .startsWith("MISMATCHED UNEXPECTED | UNEXPECTED/mobile source null->mobile opened 1s");
  }

  @Test
  void aStatusThatIsNotFinalWaitsForTheDeadline() {
    Story story = settlement().at(0, "gateway", 5000).at(1, "bank", "b1", "PENDING", 4000, "");
    assertThat(told(story.untilSecond(30))).isEqualTo("PENDING 2_OF_2_RECEIVED");
    assertThat(told(story.untilSecond(61)))
        .isEqualTo(
            "MISMATCHED AMOUNT_MISMATCH | AMOUNT/bank amount 5000->4000 opened 60s"
                + " | STATUS/bank status SUCCESS->PENDING opened 60s");
    story.at(70, "bank", "b2", "SUCCESS", 5000, "");
    assertThat(told(story.untilSecond(80)))
        .isEqualTo(
            "MATCHED MATCHED | AMOUNT/bank amount 5000->4000 opened 60s closed 70s EVIDENCE"
                + " | STATUS/bank status SUCCESS->PENDING opened 60s closed 70s EVIDENCE");
  }

  @Test
  void anotherCurrencySuppressesTheAmount() {
    Story story =
        settlement()
            .at(0, "gateway", 5000)
            .at(1, "bank", "b", "SUCCESS", 60, "\"currency\":\"USD\"");
    Judged judged = story.untilSecond(2);
    assertThat(told(judged))
        .isEqualTo("MISMATCHED CURRENCY_MISMATCH | CURRENCY/bank currency INR->USD opened 1s");
    assertThat(judged.mismatches().getFirst().severity()).isEqualTo("CRITICAL");
  }

  @Test
  void timesAreComparedInMilliseconds() {
    Story story =
        settlement()
            .at(0, "gateway", "g", "SUCCESS", 5, "\"timestamp\":\"2025-12-18T10:15:30Z\"")
            .at(1, "bank", "b", "SUCCESS", 5, "\"timestamp\":\"2025-12-18T15:50:30.5+05:30\"");
    Judged judged = story.untilSecond(2);
    assertThat(told(judged))
        .isEqualTo(
            "MISMATCHED TIMESTAMP_MISMATCH | TIMESTAMP/bank timestamp"
                + " 2025-12-18T10:15:30.000Z->2025-12-18T10:20:30.500Z opened 1s");
    assertThat(judged.mismatches().getFirst().delta()).isEqualTo(300_500);
    assertThat(judged.mismatches().getFirst().tolerance()).isEqualTo(300_000);
    assertThat(judged.mismatches().getFirst().severity()).isEqualTo("LOW");
  }

  @Test
  void anOperatorResolvesByContentAndReopens() {
    String seen =
        """
        {"type":"AMOUNT","source":"bank","field":"amount","expected":"5000","actual":"4500"}\
        """;
    Story story = settlement().at(0, "gateway", 5000).at(1, "bank", 4500);
    story.operator(10, "cmd-1", "RESOLVE", seen);
    assertThat(told(story.untilSecond(20)))
        .isEqualTo("RESOLVED RESOLVED | AMOUNT/bank amount 5000->4500 opened 1s closed 10s alice");
    Story later = settlement().at(0, "gateway", 5000).at(1, "bank", "b", "SUCCESS", 4500, "");
    later.operator(10, "cmd-1", "RESOLVE", seen).at(15, "bank", "b", "SUCCESS", 4400, "");
    assertThat(told(later.untilSecond(20)))
        .startsWith("MISMATCHED AMOUNT_MISMATCH | AMOUNT/bank amount 5000->4400 opened 1s");
    story.operator(30, "cmd-2", "REOPEN", "");
    assertThat(told(story.untilSecond(40)))
        .isEqualTo("MISMATCHED AMOUNT_MISMATCH | AMOUNT/bank amount 5000->4500 opened 1s");
  }

  @Test
  void afterAHundredKeptEventsOfASourceAllIsOverTheBound() {
    Story story = settlement().at(0, "gateway", 5000);
    for (int i = 0; i < 101; i++) {
      story.at(1, "bank", "b" + i, "PENDING", 5000, "");
    }
    story.at(2, "bank", "b0", "PENDING", 5000, "");
    Judged judged = story.untilSecond(3);
    assertThat(judged.overflow()).isTrue();
    assertThat(judged.kept().over()).extracting(Report::offset).containsExactly(100L, 101L);
    assertThat(judged.kept().redelivered()).isEmpty();
  }

  @Test
  void theVersionInForceAtTheFirstArrivalJudges() {
    String second =
        Presets.SETTLEMENT_TEXT
            .replace("version: 1", "version: 2")
            .replace(
                "{name: amount, type: AMOUNT}", "{name: amount, type: AMOUNT, tolerance-bp: 1000}");
    Definition later = DefinitionFile.parse(second).validFrom(Story.ms(0));
    Story before = new Story(Presets.SETTLEMENT, later);
    before.at(-1, "gateway", 5000).at(1, "bank", 4500);
    assertThat(before.untilSecond(2).ruleVersion()).isEqualTo(1);
    assertThat(before.untilSecond(2).state()).isEqualTo("MISMATCHED");
    Story after = new Story(Presets.SETTLEMENT, later).at(0, "gateway", 5000).at(1, "bank", 4500);
    assertThat(after.untilSecond(2).ruleVersion()).isEqualTo(2);
    assertThat(after.untilSecond(2).state()).isEqualTo("MATCHED");
  }

  @Test
  void severityFollowsWhatIsAtStake() {
    Judged large = settlement().at(0, "gateway", 100_000).untilSecond(90);
    assertThat(large.mismatch(MismatchType.MISSING, "bank")).isNotNull();
    assertThat(large.mismatches().getFirst().severity()).isEqualTo("HIGH");
    Judged small = settlement().at(0, "gateway", 99_999).untilSecond(90);
    assertThat(small.mismatches().getFirst().severity()).isEqualTo("MEDIUM");
    Judged huge = settlement().at(0, "bank", 1_000_000).untilSecond(90);
    assertThat(huge.mismatches().getFirst().severity()).isEqualTo("CRITICAL");
  }
}
