package dev.tallystick.formats.json;

import static dev.tallystick.formats.json.Records.EXAMPLE;
import static dev.tallystick.formats.json.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which records become events, and why the others do not (contracts, section 3). */
class JsonEventDecoderTest {

  private final JsonEventDecoder decoder = Records.decoder();

  @Test
  void theExampleOfTheRequirementsIsAnEvent() {
    Event event = taken(record(EXAMPLE));
    assertThat(event.txnId()).isEqualTo("TXN1001");
    assertThat(event.source()).isEqualTo("gateway");
    assertThat(event.type()).isEqualTo("PAYMENT_CAPTURED");
    assertThat(event.status()).isEqualTo("SUCCESS");
    assertThat(event.amountMinor()).isEqualTo(50_000);
    assertThat(event.currency()).isEqualTo("INR");
    assertThat(event.occurredAtMs())
        .isEqualTo(Instant.parse("2025-12-18T10:15:30Z").toEpochMilli());
    assertThat(event.eventId()).isEqualTo(event.content().toHex());
    assertThat(event.account()).isNull();
    assertThat(event.counterparty()).isNull();
    assertThat(event.reference()).isNull();
    assertThat(event.channel()).isNull();
    assertThat(event.feeMinor()).isEqualTo(Event.NONE);
    assertThat(event.attributes()).isEmpty();
    assertThat(event.command()).isNull();
    assertThat(event.offset()).isEqualTo(7);
    assertThat(event.recordedAtMs()).isEqualTo(Records.AT);
  }

  @Test
  void everyFieldIsKept() {
    Event event =
        taken(
            with(
                "\"event_id\":\"e-1\",\"account\":\"A1\",\"counterparty\":\"B2\",\"fee\":-12,"
                    + "\"reference\":\"R\",\"channel\":\"MOBILE\",\"zone\":\"east\","
                    + "\"attributes\":{\"rail\":\"UPI\",\"card\":\"x\"},\"Area\":\"9\""));
    assertThat(event.eventId()).isEqualTo("e-1");
    assertThat(event.account()).isEqualTo("A1");
    assertThat(event.counterparty()).isEqualTo("B2");
    assertThat(event.feeMinor()).isEqualTo(-12);
    assertThat(event.reference()).isEqualTo("R");
    assertThat(event.channel()).isEqualTo("MOBILE");
    assertThat(event.attributes())
        .containsExactly(
            Map.entry("Area", "9"),
            Map.entry("card", "x"),
            Map.entry("rail", "UPI"),
            Map.entry("zone", "east"));
  }

  @Test
  void aRecordLeavesNothingBehindForTheNext() {
    taken(
        with("\"account\":\"A\",\"channel\":\"MOBILE\",\"fee\":1,\"event_id\":\"e\",\"x\":\"y\""));
    Event event = taken(record(EXAMPLE));
    assertThat(event).isEqualTo(taken(record(EXAMPLE), Records.decoder()));
    refused(record("{}"));
    assertThat(taken(record(EXAMPLE))).isEqualTo(event);
  }

  @Test
  void nullIsTheSameAsAbsent() {
    String spelled = EXAMPLE.replace("\"txn_id\"", "\"account\":null,\"fee\":null,\"txn_id\"");
    assertThat(taken(record(spelled))).isEqualTo(taken(record(EXAMPLE)));
  }

  @Test
  void theSourceMayBeLeftToTheTopic() {
    Event silent = taken(record(EXAMPLE.replace("\"source\":\"GATEWAY\",", "")));
    assertThat(silent).isEqualTo(taken(record(EXAMPLE)));
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "2025-12-18T10:15:30Z, 2025-12-18T10:15:30Z",
    "2025-12-18t10:15:30z, 2025-12-18T10:15:30Z",
    "2025-12-18T15:45:30+05:30, 2025-12-18T10:15:30Z",
    "2025-12-18T10:15:30.5Z, 2025-12-18T10:15:30.500Z",
    "2025-12-18T10:15:30.123999999999Z, 2025-12-18T10:15:30.123Z",
    "2024-02-29T00:00:00-00:00, 2024-02-29T00:00:00Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
  })
  void timesKeepTheirMilliseconds(String written, String meant) {
    Event event = taken(record(EXAMPLE.replace("2025-12-18T10:15:30Z", written)));
    assertThat(event.occurredAtMs()).isEqualTo(Instant.parse(meant).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-12-18T10:15:30",
        "2025-12-18 10:15:30Z",
        "2025-12-18",
        "2025-02-29T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-00-01T00:00:00Z",
        "2025-12-00T00:00:00Z",
        "2025-12-18T24:00:00Z",
        "2025-12-18T10:60:00Z",
        "2025-12-18T23:59:60Z",
        "2025-12-18T10:15:30.Z",
        "2025-12-18T10:15:30+0530",
        "2025-12-18T10:15:30+24:00",
        "2025-12-18T10:15:30+05:60",
        "2025-12-18T10:15:30Zz",
        "2025-12-18T10:15:30*05:30",
        "20251218T101530Z",
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "٢025-12-18T10:15:30Z",
        "2025-12-18T10:15Z",
        "2025-1a-18T10:15:30Z",
        "-025-12-18T10:15:30Z"
      })
  void timesThatAreNotRfc3339AreRefused(String written) {
    assertThat(refused(record(EXAMPLE.replace("2025-12-18T10:15:30Z", written))))
        .isEqualTo(
            "BAD_VALUE /timestamp: \""
                + written
                + "\" is not RFC 3339 with an offset, such as 2025-12-18T10:15:30Z");
  }

  /** The part of the example that is replaced, what it becomes, and what is said about it. */
  @ParameterizedTest(name = "{1} → {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          50000     | 50000.0   | FRACTIONAL_AMOUNT /amount: 50000.0 is not written as an integer of minor units
          50000     | 5e4       | FRACTIONAL_AMOUNT /amount: 5e4 is not written as an integer of minor units
          50000     | "50000"   | BAD_VALUE /amount: "50000" is not a JSON integer
          50000     | null      | MISSING_FIELD /amount: missing
          50000     | true      | BAD_VALUE /amount: true is not a JSON integer
          50000     | [1]       | BAD_VALUE /amount: an array is not a JSON integer
          50000     | {"a":[]}  | BAD_VALUE /amount: an object is not a JSON integer
          50000     | 4000000000000000001  | BAD_VALUE /amount: 4000000000000000001 is beyond ±4000000000000000000
          50000     | -4000000000000000001 | BAD_VALUE /amount: -4000000000000000001 is beyond ±4000000000000000000
          50000     | 99999999999999999999 | BAD_VALUE /amount: 99999999999999999999 is beyond ±4000000000000000000
          50000     | 1,"fee":1.5 | FRACTIONAL_AMOUNT /fee: 1.5 is not written as an integer of minor units
          50000     | 1,"fee":"1" | BAD_VALUE /fee: "1" is not a JSON integer
          "INR"     | "inr"     | UNKNOWN_CURRENCY /currency: "inr" is no ISO 4217 currency with minor units
          "INR"     | "ZZZ"     | UNKNOWN_CURRENCY /currency: "ZZZ" is no ISO 4217 currency with minor units
          "INR"     | "XAU"     | UNKNOWN_CURRENCY /currency: "XAU" is no ISO 4217 currency with minor units
          "INR"     | 356       | BAD_VALUE /currency: 356 is not a text
          "GATEWAY" | "bank"    | UNKNOWN_SOURCE /source: "bank" is not gateway, whose topic this is
          "GATEWAY" | "gatewaz" | UNKNOWN_SOURCE /source: "gatewaz" is not gateway, whose topic this is
          "GATEWAY" | 1         | BAD_VALUE /source: 1 is not a text
          "PAYMENT_CAPTURED" | "captured" | BAD_VALUE /event_type: "captured" is not [A-Z_]{1,40}
          "PAYMENT_CAPTURED" | "P2"       | BAD_VALUE /event_type: "P2" is not [A-Z_]{1,40}
          "PAYMENT_CAPTURED" | "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" | BAD_VALUE /event_type: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" has not 1 to 40 characters
          "SUCCESS" | ""        | BAD_VALUE /status: "" has not 1 to 1024 characters
          "SUCCESS" | null      | MISSING_FIELD /status: missing
          "SUCCESS" | "a\\u0000" | BAD_VALUE /status: "a\\u0000" holds U+0000 or half a surrogate pair
          "SUCCESS" | "\\ud83d"  | BAD_VALUE /status: "\\ud83d" holds U+0000 or half a surrogate pair
          "SUCCESS" | "\\ude00\\ud83d" | BAD_VALUE /status: "\\ude00\\ud83d" holds U+0000 or half a surrogate pair
          "SUCCESS" | "S","account":"" | BAD_VALUE /account: "" has not 1 to 1024 characters
          "SUCCESS" | "S","event_id":""  | BAD_VALUE /event_id: "" has not 1 to 128 characters
          "SUCCESS" | "S","amount":1     | BAD_VALUE /amount: 1 is given twice
          "SUCCESS" | "S","note":1       | BAD_VALUE /note: 1 in an unknown field that is not a text
          "SUCCESS" | "S","note":{"a":1} | BAD_VALUE /note: an object in an unknown field that is not a text
          "SUCCESS" | "S","note":null    | BAD_VALUE /note: null in an unknown field that is not a text
          "SUCCESS" | "S","a/b~c":1      | BAD_VALUE /a~1b~0c: 1 in an unknown field that is not a text
          "SUCCESS" | "S","n":"1","n":"1" | BAD_VALUE /n: "1" is an attribute given twice
          "SUCCESS" | "S","":"1"         | BAD_VALUE /: "1" under a name that has not 1 to 1024 storable characters
          "SUCCESS" | "S","\\u0000":"1"   | BAD_VALUE /\\u0000: "1" under a name that has not 1 to 1024 storable characters
          "SUCCESS" | "S","attributes":"rail" | BAD_VALUE /attributes: "rail" is not an object of texts
          "SUCCESS" | "S","attributes":{"rail":7} | BAD_VALUE /attributes/rail: 7 is not a text
          "SUCCESS" | "S","attributes":{"rail":{}} | BAD_VALUE /attributes/rail: an object is not a text
          "SUCCESS" | "S","attributes":{"a":"1","a":"2"} | BAD_VALUE /attributes/a: "2" is an attribute given twice
          "SUCCESS" | "S","rail":"x","attributes":{"rail":"x"} | BAD_VALUE /attributes/rail: "x" is an attribute given twice
          "SUCCESS" | "S","attributes":{"rail":"x"},"rail":"x" | BAD_VALUE /rail: "x" is an attribute given twice
          "TXN1001" | ""        | BAD_VALUE /txn_id: "" has not 1 to 256 characters
          "TXN1001" | "TXN1002" | KEY_MISMATCH key: "TXN1001" is not the txn_id "TXN1002"
          "txn_id"  | "id"      | MISSING_FIELD /txn_id: missing
          "amount"  | "amt"     | BAD_VALUE /amt: 50000 in an unknown field that is not a text
          "status"  | "state"   | MISSING_FIELD /status: missing
          "event_type" | "type" | MISSING_FIELD /event_type: missing
          "currency" | "ccy"    | MISSING_FIELD /currency: missing
          "timestamp" | "time"  | MISSING_FIELD /timestamp: missing
          """)
  void refusals(String part, String replacement, String said) {
    assertThat(EXAMPLE).contains(part);
    assertThat(refused(record(EXAMPLE.replace(part, replacement)))).isEqualTo(said);
  }

  @ParameterizedTest(name = "{0} is no event")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}       | MISSING_FIELD /txn_id: missing
          []       | NOT_JSON value: not a JSON object
          null     | NOT_JSON value: not a JSON object
          7        | NOT_JSON value: not a JSON object
          ``       | NOT_JSON value: not a JSON object
          {} {}    | NOT_JSON value: more follows the JSON object
          {"a":007}| NOT_JSON
          {"a":NaN}| NOT_JSON
          {'a':1}  | NOT_JSON
          {"a":1,} | NOT_JSON
          {} x     | NOT_JSON
          /**/{}   | NOT_JSON
          nonsense | NOT_JSON
          """)
  void whatIsNotJson(String value, String said) {
    assertThat(refused(record(value))).startsWith(said);
  }

  @Test
  void whetherItIsJsonDoesNotDependOnItsFields() {
    assertThat(refused(record("{\"amount\":1.5,\"status\":7"))).startsWith("NOT_JSON value: byte");
  }

  @Test
  void onlyUtf8IsRead() {
    assertThat(refused(bytes(EXAMPLE.getBytes(StandardCharsets.UTF_16))))
        .isEqualTo("NOT_JSON value: no UTF-8 at byte 0");
    assertThat(refused(bytes(EXAMPLE.getBytes(StandardCharsets.UTF_16LE)))).startsWith("NOT_JSON");
    assertThat(refused(record("\ufeff" + EXAMPLE))).startsWith("NOT_JSON");
    byte[] latin = EXAMPLE.replace("SUCCESS", "SUCCÉS").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refused(bytes(latin))).startsWith("NOT_JSON value: no UTF-8 at byte");
  }

  @Test
  void theEnvelopeIsCheckedFirst() {
    assertThat(refused(record(null, "nonsense"))).isEqualTo("NO_KEY key: absent");
    assertThat(refused(record("", "nonsense"))).isEqualTo("NO_KEY key: empty");
    assertThat(refused(record("TXN1001", null))).isEqualTo("NOT_JSON value: absent (a tombstone)");
    RawRecord ancient =
        new RawRecord(
            7, 946_684_799_999L, Records.bytes("TXN1001"), Records.bytes("nonsense"), List.of());
    assertThat(refused(ancient))
        .isEqualTo("BAD_VALUE record timestamp: 946684799999 ms is before 2000-01-01");
    RawRecord oldest =
        new RawRecord(
            7, 946_684_800_000L, Records.bytes("TXN1001"), Records.bytes(EXAMPLE), List.of());
    assertThat(taken(oldest).recordedAtMs()).isEqualTo(946_684_800_000L);
  }

  @Test
  void aRecordOverItsBoundIsNotParsed() {
    int size = EXAMPLE.length() + "TXN1001".length();
    RawRecord.Header header = new RawRecord.Header("abc", new byte[] {1, 2});
    RawRecord record =
        new RawRecord(
            7, Records.AT, Records.bytes("TXN1001"), Records.bytes(EXAMPLE), List.of(header));
    JsonEventDecoder exact = new JsonEventDecoder(Records.gateway(Map.of()), size + 5);
    assertThat(taken(record, exact).txnId()).isEqualTo("TXN1001");
    JsonEventDecoder tight = new JsonEventDecoder(Records.gateway(Map.of()), size + 4);
    assertThat(refused(record, tight))
        .isEqualTo("TOO_LARGE record: " + (size + 5) + " bytes, allowed are " + (size + 4));
    RawRecord keyless = new RawRecord(7, 0, null, Records.bytes("x".repeat(size + 5)), List.of());
    assertThat(refused(keyless, tight)).startsWith("TOO_LARGE");
  }

  @Test
  void boundsAreCountedInCharacters() {
    String smile = "😀".repeat(256);
    assertThat(taken(record(smile, EXAMPLE.replace("TXN1001", smile))).txnId()).isEqualTo(smile);
    assertThat(refused(record("k", EXAMPLE.replace("TXN1001", smile + "x"))))
        .isEqualTo("BAD_VALUE /txn_id: \"" + "😀".repeat(80) + "…\" has not 1 to 256 characters");
    taken(with("\"event_id\":\"" + "e".repeat(128) + "\""));
    assertThat(refused(with("\"event_id\":\"" + "e".repeat(129) + "\"")))
        .startsWith("BAD_VALUE /event_id");
    taken(with("\"account\":\"" + "a".repeat(1024) + "\""));
    assertThat(refused(with("\"account\":\"" + "a".repeat(1025) + "\"")))
        .startsWith("BAD_VALUE /account");
    taken(with("\"" + "n".repeat(1024) + "\":\"v\""));
    assertThat(refused(with("\"" + "n".repeat(60_000) + "\":\"v\"")))
        .startsWith("BAD_VALUE /" + "n".repeat(80) + "…: ");
    assertThat(refused(record(EXAMPLE.replace("50000", "9".repeat(5_000)))))
        .startsWith("BAD_VALUE /amount: " + "9".repeat(80) + "… is beyond");
    taken(record(EXAMPLE.replace("50000", "-4000000000000000000")));
  }

  @Test
  void sixtyFourAttributesAreTheMost() {
    assertThat(taken(with(attributes(64))).attributes()).hasSize(64);
    assertThat(refused(with(attributes(65))))
        .isEqualTo("BAD_VALUE /x64: \"v\" is more than the 64 attributes allowed");
  }

  @Test
  void keysAreComparedByTheirBytes() {
    String id = "TXN-é";
    assertThat(taken(record(id, EXAMPLE.replace("TXN1001", id))).txnId()).isEqualTo(id);
    RawRecord latin =
        new RawRecord(
            7,
            Records.AT,
            id.getBytes(StandardCharsets.ISO_8859_1),
            Records.bytes(EXAMPLE.replace("TXN1001", id)),
            List.of());
    assertThat(refused(latin)).startsWith("KEY_MISMATCH");
    assertThat(refused(record("\u0000\n", EXAMPLE)))
        .isEqualTo("KEY_MISMATCH key: \"\\u0000\\u000a\" is not the txn_id \"TXN1001\"");
  }

  @Test
  void aMappingSaysWhereTheFieldsAre() {
    JsonEventDecoder mapped =
        new JsonEventDecoder(
            Records.gateway(Map.of("txn_id", "id", "amount", "amt")), Records.RECORD_MAX);
    String payload = EXAMPLE.replace("\"txn_id\"", "\"id\"").replace("\"amount\"", "\"amt\"");
    assertThat(taken(record(payload), mapped)).isEqualTo(taken(record(EXAMPLE)));
    assertThat(refused(record(EXAMPLE), mapped))
        .isEqualTo("BAD_VALUE /amount: 50000 in an unknown field that is not a text");
    assertThat(refused(record(payload.replace("\"id\"", "\"txn_id\"")), mapped))
        .isEqualTo("MISSING_FIELD /id: missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonEventDecoder(Records.gateway(Map.of("amout", "x")), 1))
        .withMessage("mapping: \"amout\" is no field");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonEventDecoder(Records.gateway(Map.of("fee", "amount")), 1))
        .withMessage("mapping: two event fields read the payload field \"amount\"");
  }

  @Test
  void textsThatRepeatAreOneObject() {
    Event first = taken(with("\"channel\":\"MOBILE\""));
    Event second = taken(with("\"channel\":\"MOBILE\""));
    assertThat(second.type()).isSameAs(first.type());
    assertThat(second.status()).isSameAs(first.status());
    assertThat(second.currency()).isSameAs(first.currency());
    assertThat(second.channel()).isSameAs(first.channel());
  }

  private static String attributes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"x" + i + "\":\"v\"")
        .collect(Collectors.joining(","));
  }

  private static RawRecord with(String more) {
    return record(EXAMPLE.substring(0, EXAMPLE.length() - 1) + "," + more + "}");
  }

  private static RawRecord bytes(byte[] value) {
    return new RawRecord(7, Records.AT, Records.bytes("TXN1001"), value, List.of());
  }

  private Event taken(RawRecord record) {
    return taken(record, decoder);
  }

  private static Event taken(RawRecord record, JsonEventDecoder decoder) {
    Reading reading = decoder.decode(record);
    assertThat(reading).isInstanceOf(Reading.Taken.class);
    assertThat(reading.raw()).isSameAs(record);
    return ((Reading.Taken) reading).event();
  }

  private String refused(RawRecord record) {
    return refused(record, decoder);
  }

  private static String refused(RawRecord record, JsonEventDecoder decoder) {
    Reading reading = decoder.decode(record);
    assertThat(reading).isInstanceOf(Reading.Refused.class);
    assertThat(reading.raw()).isSameAs(record);
    Reading.Refused refused = (Reading.Refused) reading;
    assertThat(refused.reason()).isIn((Object[]) DeadLetterReason.values());
    assertThat(refused.ours()).isTrue();
    return refused.reason() + " " + refused.detail();
  }
}
