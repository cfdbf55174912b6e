package dev.tallystick.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever can correct a record hears of everything that is wrong with it at once. */
class RefusalsTest {

  private final JsonEventDecoder decoder = Records.decoder();
  private final List<Refusal> refusals = new ArrayList<>();

  private Reading decode(RawRecord record) {
    refusals.clear();
    return decoder.decode(record, refusals::add);
  }

  @Test
  void aGoodRecordHasNone() {
    assertThat(decode(Records.record(Records.EXAMPLE))).isInstanceOf(Reading.Taken.class);
    assertThat(refusals).isEmpty();
  }

  @Test
  void eachWrongFieldIsNamedOnceThenEachMissingOne() {
    Reading reading =
        decode(
            Records.record(
                """
                {"txn_id":"TXN1001","amount":12.50,"currency":"XXQ","fee":"7","a/b":{"c":1},
                 "status":null,"attributes":{"rail":[]},"source":"BANK"}\
                """));
    assertThat(refusals)
        .containsExactly(
            new Refusal(
                DeadLetterReason.FRACTIONAL_AMOUNT,
                "/amount",
                "12.50",
                "is not written as an integer of minor units"),
            new Refusal(
                DeadLetterReason.UNKNOWN_CURRENCY,
                "/currency",
                "XXQ",
                "is no ISO 4217 currency with minor units"),
            new Refusal(DeadLetterReason.BAD_VALUE, "/fee", "7", "is not a JSON integer"),
            new Refusal(
                DeadLetterReason.BAD_VALUE,
                "/a~1b",
                "{…}",
                "in an unknown field that is not a text"),
            new Refusal(DeadLetterReason.BAD_VALUE, "/attributes/rail", "[…]", "is not a text"),
            new Refusal(
                DeadLetterReason.UNKNOWN_SOURCE,
                "/source",
                "BANK",
                "is not gateway, whose topic this is"),
            new Refusal(DeadLetterReason.MISSING_FIELD, "/event_type", null, "missing"),
            new Refusal(DeadLetterReason.MISSING_FIELD, "/status", null, "missing"),
            new Refusal(DeadLetterReason.MISSING_FIELD, "/timestamp", null, "missing"));
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(DeadLetterReason.FRACTIONAL_AMOUNT);
              assertThat(refused.detail())
                  .isEqualTo("/amount: 12.50 is not written as an integer of minor units");
            });
  }

  @Test
  void whoAsksChangesNothingAboutTheReading() {
    for (String payload :
        List.of(
            "{}",
            "[]",
            "{\"amount\":1.5}",
            "{\"amount\":1.5",
            Records.EXAMPLE,
            Records.EXAMPLE.replace("TXN1001", "other"),
            Records.EXAMPLE.replace("50000", "5e4").replace("INR", "inr"))) {
      RawRecord record = Records.record(payload);
      Reading asked = decode(record);
      assertThat(asked)
          .isEqualTo(decoder.decode(record))
          .isEqualTo(Records.decoder().decode(record));
      assertThat(refusals.isEmpty()).isEqualTo(asked instanceof Reading.Taken);
    }
  }

  @Test
  void theRecordAsAWholeHasTheEmptyPointer() {
    decoder.decode(Records.record("x".repeat(Records.RECORD_MAX)), refusals::add);
    assertThat(refusals)
        .containsExactly(
            new Refusal(
                DeadLetterReason.TOO_LARGE,
                "",
                null,
                "record: 1048583 bytes, allowed are 1048576"));
  }

  @Test
  void namesAreThoseOfThePayload() {
    JsonEventDecoder mapped =
        new JsonEventDecoder(Records.gateway(Map.of("amount", "amt")), Records.RECORD_MAX);
    mapped.decode(Records.record(Records.EXAMPLE.replace("\"amount\":50000,", "")), refusals::add);
    assertThat(refusals).extracting(Refusal::pointer).containsExactly("/amt");
  }
}
