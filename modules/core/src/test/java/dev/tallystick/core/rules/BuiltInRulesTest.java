package dev.tallystick.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.Rule.Difference;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the built-in comparisons call a difference (contracts, sections 3 and 5). */
class BuiltInRulesTest {

  private static final long MAX = Event.MAX_AMOUNT_MINOR;

  @Test
  void fiveThousandAgainstFortyFiveHundred() {
    assertThat(amount(0, 0, false).compare(money(5000, "INR"), money(4500, "INR")))
        .isEqualTo(new Difference("amount", "5000", "4500", -500L, 0L, "INR"));
  }

  @ParameterizedTest(name = "{0} vs {1}, minor {2}, bp {3}: differs {4}")
  @CsvSource({
    "5000, 5000, 0, 0, false",
    "5000, 5001, 0, 0, true",
    "5000, 5010, 10, 0, false", // exactly the tolerance is within it
    "5000, 5011, 10, 0, true",
    "5000, 4990, 10, 0, false",
    "5000, 4989, 10, 0, true",
    "10000, 10001, 0, 1, false", // one basis point of 10,000 is 1
    "9999, 10000, 0, 1, true", // of 9,999 it is 0.9999, rounded down
    "10000, 10002, 0, 1, true",
    "10000, 10100, 5, 100, false", // the larger of the two counts
    "10000, 10101, 5, 100, true",
    "10000, 10007, 7, 1, false",
    "-10000, -10100, 0, 100, false", // of |expected|
    "-10000, -10101, 0, 100, true",
  })
  void toleranceOfAnAmount(long expected, long actual, long minor, long bp, boolean differs) {
    Difference difference =
        amount(minor, bp, false).compare(money(expected, "INR"), money(actual, "INR"));
    assertThat(difference != null).isEqualTo(differs);
  }

  @Test
  void aDifferenceNamesTheToleranceThatWasUsed() {
    Difference difference = amount(5, 100, false).compare(money(10_000, "KWD"), money(0, "KWD"));
    assertThat(difference).isEqualTo(new Difference("amount", "10000", "0", -10_000L, 100L, "KWD"));
  }

  @Test
  void theLargestAmountsDoNotOverflow() {
    assertThat(amount(0, 10_000, false).compare(money(MAX, "INR"), money(0, "INR"))).isNull();
    assertThat(amount(0, 9_999, false).compare(money(-MAX, "INR"), money(MAX, "INR")))
        .isEqualTo(
            new Difference("amount", "-" + MAX, "" + MAX, 2 * MAX, MAX / 10_000 * 9_999, "INR"));
    assertThat(amount(0, 0, true).compare(fee(-MAX, MAX), fee(MAX, -MAX)))
        .isEqualTo(new Difference("amount", "-" + MAX, "" + MAX, 2 * MAX, 0L, "INR"));
  }

  @Test
  void amountsInTwoCurrenciesAreNotCompared() {
    assertThat(amount(0, 0, false).compare(money(5000, "INR"), money(1, "USD"))).isNull();
    assertThat(amount(0, 0, false).compare(money(5000, ""), money(1, ""))).isNull();
  }

  @Test
  void aFeeOfEitherSideExplainsTheDifference() {
    Rule withFee = amount(0, 0, true);
    assertThat(withFee.compare(fee(1000, 10), money(990, "INR"))).isNull();
    assertThat(withFee.compare(money(1000, "INR"), fee(990, 10))).isNull();
    assertThat(withFee.compare(money(990, "INR"), fee(1000, 10))).isNull();
    assertThat(withFee.compare(fee(1000, 10), money(989, "INR"))).isNotNull();
    assertThat(withFee.compare(money(1000, "INR"), money(990, "INR"))).isNotNull();
    assertThat(amount(0, 0, false).compare(fee(1000, 10), money(990, "INR"))).isNotNull();
    assertThat(amount(2, 0, true).compare(fee(1000, 10), money(988, "INR"))).isNull();
    assertThat(amount(2, 0, true).compare(fee(1000, 10), money(987, "INR"))).isNotNull();
  }

  @Test
  void senselessTolerancesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> amount(-1, 0, false));
    assertThatIllegalArgumentException().isThrownBy(() -> amount(MAX + 1, 0, false));
    assertThatIllegalArgumentException().isThrownBy(() -> amount(0, -1, false));
    assertThatIllegalArgumentException().isThrownBy(() -> amount(0, 10_001, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new TimestampRule("time", -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new TimestampRule("time", 0, -1));
  }

  @Test
  void currencies() {
    Rule rule = new CurrencyRule("currency");
    assertThat(rule.compare(money(1, "INR"), money(1, "INR"))).isNull();
    assertThat(rule.compare(money(1, ""), money(1, "INR"))).isNull();
    assertThat(rule.compare(money(1, "INR"), money(1, ""))).isNull();
    assertThat(rule.compare(money(1, "INR"), money(1, "USD")))
        .isEqualTo(new Difference("currency", "INR", "USD", null, null, null));
  }

  @Test
  void statusesAreComparedByMeaningAndShownAsReported() {
    StatusVocabulary words = new StatusVocabulary(Map.of("CAPTURED", "SUCCESS"), Set.of());
    Rule rule = new StatusRule("status", words);
    assertThat(rule.compare(status("SUCCESS"), status("CAPTURED"))).isNull();
    assertThat(rule.compare(status(""), status("CAPTURED"))).isNull();
    assertThat(rule.compare(status("CAPTURED"), status(""))).isNull();
    assertThat(rule.compare(status("CAPTURED"), status("FAILED")))
        .isEqualTo(new Difference("status", "CAPTURED", "FAILED", null, null, null));
  }

  @Test
  void accountsAreComparedWhereBothSidesNameOne() {
    Rule rule = new AccountRule("account");
    assertThat(rule.compare(account("A"), account("A"))).isNull();
    assertThat(rule.compare(account(null), account("A"))).isNull();
    assertThat(rule.compare(account("A"), account(null))).isNull();
    assertThat(rule.compare(account("A"), account("B")))
        .isEqualTo(new Difference("account", "A", "B", null, null, null));
  }

  @Test
  void timesWithinFiveMinutesAgree() {
    Rule rule = new TimestampRule("time", 300_000, 0);
    Event noon = at("2025-12-18T12:00:00Z");
    assertThat(rule.compare(noon, at("2025-12-18T12:05:00Z"))).isNull();
    assertThat(rule.compare(noon, at("2025-12-18T11:55:00Z"))).isNull();
    assertThat(rule.compare(noon, at("2025-12-18T11:54:59.999Z")))
        .isEqualTo(
            new Difference(
                "timestamp",
                "2025-12-18T12:00:00.000Z",
                "2025-12-18T11:54:59.999Z",
                -300_001L,
                300_000L,
                null));
    Event timeless = event(1, "INR", "SUCCESS", null, Event.NONE, Event.NONE);
    assertThat(rule.compare(noon, timeless)).isNull();
    assertThat(rule.compare(timeless, noon)).isNull();
  }

  @ParameterizedTest(name = "{0} to {1} within {2} business days: {3}")
  @CsvSource({
    "2025-12-19, 2025-12-22, 1, true", // Friday to Monday: one business day begins
    "2025-12-19, 2025-12-21, 1, true", // to Sunday: none
    "2025-12-19, 2025-12-23, 1, false", // to Tuesday: two
    "2025-12-19, 2025-12-23, 2, true",
    "2025-12-18, 2025-12-20, 1, true", // Thursday to Saturday: one
    "2025-12-20, 2025-12-22, 1, true", // Saturday to Monday: one
    "2025-12-20, 2025-12-23, 1, false", // to Tuesday: two
    "2025-12-22, 2025-12-19, 1, true", // either way round
    "2025-12-23, 2025-12-19, 1, false",
    "2025-12-15, 2025-12-22, 5, true", // a week has five
    "2025-12-15, 2025-12-22, 4, false",
    "1969-12-26, 1969-12-29, 1, true", // before the epoch the calendar is the same
    "1969-12-26, 1969-12-30, 1, false",
  })
  void businessDays(String expected, String actual, int days, boolean agree) {
    Rule rule = new TimestampRule("time", 0, days);
    Difference difference = rule.compare(at(expected + "T23:59:59Z"), at(actual + "T00:00:01Z"));
    assertThat(difference == null).isEqualTo(agree);
  }

  @Test
  void everyRuleSaysItsTypeAndName() {
    assertThat(amount(0, 0, false).type()).isEqualTo(MismatchType.AMOUNT);
    assertThat(new CurrencyRule("c").type()).isEqualTo(MismatchType.CURRENCY);
    assertThat(new StatusRule("s", StatusVocabulary.PLAIN).type()).isEqualTo(MismatchType.STATUS);
    assertThat(new AccountRule("a").type()).isEqualTo(MismatchType.ACCOUNT);
    assertThat(new TimestampRule("t", 0, 0).type()).isEqualTo(MismatchType.TIMESTAMP);
    assertThat(new TimestampRule("t", 0, 0).name()).isEqualTo("t");
  }

  private static Rule amount(long minor, long bp, boolean fee) {
    return new AmountRule("amount", minor, bp, fee);
  }

  private static Event money(long minor, String currency) {
    return event(minor, currency, "SUCCESS", null, 0, Event.NONE);
  }

  private static Event fee(long minor, long fee) {
    return event(minor, "INR", "SUCCESS", null, 0, fee);
  }

  private static Event status(String status) {
    return event(1, "INR", status, null, 0, Event.NONE);
  }

  private static Event account(@Nullable String account) {
    return event(1, "INR", "SUCCESS", account, 0, Event.NONE);
  }

  private static Event at(String time) {
    return event(1, "INR", "SUCCESS", null, Instant.parse(time).toEpochMilli(), Event.NONE);
  }

  private static Event event(
      long minor,
      String currency,
      String status,
      @Nullable String account,
      long occurredAtMs,
      long fee) {
    return new Event(
        "TXN1",
        "bank",
        "e1",
        new ContentHash(0, 0, 0, 0),
        "PAYMENT_CAPTURED",
        status,
        minor,
        currency,
        account,
        null,
        occurredAtMs,
        null,
        null,
        fee,
        Map.of(),
        null,
        0,
        0);
  }
}
