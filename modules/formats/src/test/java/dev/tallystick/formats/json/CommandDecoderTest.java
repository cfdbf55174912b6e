package dev.tallystick.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.OperatorCommand.Accepted;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators' commands (contracts, section 3; protocol, section 7). */
class CommandDecoderTest {

  private static final String RESOLVE =
      """
      {"event_id":"c-1","txn_id":"TXN1003","source":"operator","event_type":"RESOLVE",\
      "by":"alice","reason":"agreed","accepts":[\
      {"type":"MISSING","source":"mobile","field":"event","expected":null},\
      {"type":"AMOUNT","source":"bank","field":"amount","expected":"5000","actual":4500}]}\
      """;

  private static final String REJUDGE =
      """
      {"event_id":"c-2","txn_id":"TXN1003","event_type":"REJUDGE","by":"alice","version":2}\
      """;

  private final CommandDecoder decoder = new CommandDecoder(Records.RECORD_MAX);

  @Test
  void aCommandIsAnEventOfTheOperator() {
    Event event = taken(RESOLVE);
    assertThat(event.txnId()).isEqualTo("TXN1003");
    assertThat(event.source()).isEqualTo(Event.OPERATOR);
    assertThat(event.eventId()).isEqualTo("c-1");
    assertThat(event.type()).isEqualTo(OperatorCommand.RESOLVE);
    assertThat(event.isCommand()).isTrue();
    assertThat(event.status()).isEmpty();
    assertThat(event.amountMinor()).isZero();
    assertThat(event.currency()).isEmpty();
    assertThat(event.occurredAtMs()).isEqualTo(Event.NONE);
    assertThat(event.feeMinor()).isEqualTo(Event.NONE);
    assertThat(event.offset()).isEqualTo(7);
    assertThat(event.command())
        .isEqualTo(
            new OperatorCommand(
                "alice",
                "agreed",
                List.of(
                    new Accepted(MismatchType.AMOUNT, "bank", "amount", "5000", "4500"),
                    new Accepted(MismatchType.MISSING, "mobile", "event", null, null)),
                0));
  }

  @Test
  void golden() {
    Event event = taken(RESOLVE);
    assertThat(CanonicalEvent.text(event))
        .isEqualTo(
            """
            {"txn_id":"TXN1003","source":"operator","event_type":"RESOLVE","by":"alice",\
            "reason":"agreed","accepts":[{"type":"AMOUNT","source":"bank","field":"amount",\
            "expected":"5000","actual":"4500"},\
            {"type":"MISSING","source":"mobile","field":"event"}]}\
            """);
    assertThat(event.content().toHex())
        .isEqualTo("552dbe54380021a4871faf4e32eb2718fdd4c2b3fa3a3955dc8ce99068d10e68");
    assertThat(CanonicalEvent.text(taken(REJUDGE))).endsWith(",\"by\":\"alice\",\"version\":2}");
  }

  @Test
  void acceptingASetTwiceIsAcceptingItOnce() {
    String mobile = "{\"type\":\"MISSING\",\"source\":\"mobile\",\"field\":\"event\"}";
    String twice = RESOLVE.replace("\"accepts\":[", "\"accepts\":[" + mobile + ",");
    assertThat(taken(twice)).isEqualTo(taken(RESOLVE));
  }

  @Test
  void theReasonMayBeLeftOut() {
    assertThat(taken(RESOLVE.replace("\"agreed\"", "null")))
        .isEqualTo(taken(RESOLVE.replace("\"reason\":\"agreed\",", "")));
  }

  @ParameterizedTest(name = "{1} → {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "event_id":"c-1", | `` | MISSING_FIELD /event_id: missing
          "txn_id":"TXN1003", | `` | MISSING_FIELD /txn_id: missing
          "event_type":"RESOLVE", | `` | MISSING_FIELD /event_type: missing
          "by":"alice",   | ``   | MISSING_FIELD /by: missing
          "by":"alice"    | "by":7 | BAD_VALUE /by: 7 is not a text
          "by":"alice"    | "by":"a","by":"b" | BAD_VALUE /by: "b" is given twice
          "by":"alice"    | "by":"a","who":"b" | BAD_VALUE /who: "b" in a field that no command has
          "by":"alice"    | "by":"a","amount":1 | BAD_VALUE /amount: 1 in a field that no command has
          "by":"alice"    | "by":"a","version":1 | BAD_VALUE /version: 1 does not go with RESOLVE
          "by":"alice"    | "by":"a","version":1.5 | FRACTIONAL_AMOUNT /version: 1.5 is not written as an integer of minor units
          "RESOLVE"       | "DELETE" | BAD_VALUE /event_type: "DELETE" is not RESOLVE, WRITE_OFF, REOPEN or REJUDGE
          "RESOLVE"       | "REOPEN" | BAD_VALUE /accepts: does not go with REOPEN
          "RESOLVE"       | "REJUDGE" | BAD_VALUE /version: 0 does not go with REJUDGE
          "operator"      | "bank" | UNKNOWN_SOURCE /source: "bank" is not operator, whose topic this is
          "TXN1003"       | "TXN1" | KEY_MISMATCH key: "TXN1003" is not the txn_id "TXN1"
          "MISSING"       | "LOST" | BAD_VALUE /accepts/0/type: "LOST" is no type of mismatch
          "type":"MISSING", | `` | MISSING_FIELD /accepts/0/type: missing
          "field":"amount", | `` | MISSING_FIELD /accepts/1/field: missing
          "source":"bank",  | `` | MISSING_FIELD /accepts/1/source: missing
          4500            | 4500.5 | BAD_VALUE /accepts/1/actual: 4500.5 is not a text
          4500            | 1,"delta":1 | BAD_VALUE /accepts/1/delta: 1 in a field that no mismatch has
          4500            | 1,"actual":1 | BAD_VALUE /accepts/1/actual: 1 is given twice
          "accepts":[     | "accepts":[7, | BAD_VALUE /accepts/0: 7 is not a mismatch
          "accepts":[     | "x":[ | BAD_VALUE /x: an array in a field that no command has
          "reason":"agreed" | "accepts":{} | BAD_VALUE /accepts: an object is not an array
          }]}             | }    | NOT_JSON
          """)
  void refusals(String part, String replacement, String said) {
    assertThat(RESOLVE).contains(part);
    assertThat(refused(RESOLVE.replace(part, replacement))).startsWith(said);
  }

  @Test
  void whatACommandCanAcceptIsBounded() {
    String one = "{\"type\":\"AMOUNT\",\"source\":\"s%d\",\"field\":\"amount\"},";
    StringBuilder many = new StringBuilder("\"accepts\":[");
    for (int i = 0; i < CommandDecoder.ACCEPTS_MAX - 2; i++) {
      many.append(one.formatted(i));
    }
    Event event = taken(RESOLVE.replace("\"accepts\":[", many));
    assertThat(Objects.requireNonNull(event.command()).accepts())
        .hasSize(CommandDecoder.ACCEPTS_MAX);
    many.append(one.formatted(999));
    assertThat(refused(RESOLVE.replace("\"accepts\":[", many)))
        .isEqualTo("BAD_VALUE /accepts/256: only 256 can be accepted at once");
  }

  private Event taken(String payload) {
    Reading reading = decoder.decode(Records.record("TXN1003", payload));
    assertThat(reading).isInstanceOf(Reading.Taken.class);
    return ((Reading.Taken) reading).event();
  }

  private String refused(String payload) {
    RawRecord record = Records.record("TXN1003", payload);
    Reading reading = decoder.decode(record);
    assertThat(reading).isInstanceOf(Reading.Refused.class);
    Reading.Refused refused = (Reading.Refused) reading;
    return refused.reason() + " " + refused.detail();
  }
}
