package dev.tallystick.verticles.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.formats.json.JsonEventDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is posted becomes what the engine takes, or hears everything that is wrong with it. */
class EventIntakeTest {

  private static final String EXAMPLE =
      """
      {"txn_id":"TXN1001","amount":50000,"currency":"INR","source":"GATEWAY",\
      "event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z"}\
      """;
  private static final long NOW_MS = Instant.parse("2025-12-18T10:15:31Z").toEpochMilli();
  private static final int RECORD_MAX = 2_000;
  private static final String KNOWN = "known are bank, core, gateway, mobile";

  /** The partner's records have other names, some of them those of other fields. */
  private static final String MAPPED =
      """
      name: partner
      version: 1
      match-key: txn_id
      partitions: 1
      sources:
        - name: partner
          topic: partner_txns
          sla: 60s
          reference: true
          mapping: {txn_id: id, amount: fee, fee: charge, channel: way}
        - {name: ours, topic: our_txns, sla: 60s}
      rules: []
      """;

  private final EventIntake intake =
      intake(
          DefinitionReader.readDirectory(Path.of("../config/reconciliations")).stream()
              .map(definition -> new Rulebook(List.of(definition)))
              .toList());

  private static EventIntake intake(List<Rulebook> rulebooks) {
    return new EventIntake(rulebooks, RECORD_MAX, () -> NOW_MS);
  }

  private static EventIntake.Outcome read(EventIntake intake, String body, @Nullable String trace) {
    return intake.read(body.getBytes(StandardCharsets.UTF_8), trace);
  }

  private EventIntake.Good good(String body) {
    EventIntake.Outcome outcome = read(intake, body, null);
    assertThat(outcome).isInstanceOf(EventIntake.Good.class);
    return (EventIntake.Good) outcome;
  }

  private static JsonObject bad(EventIntake intake, String body) {
    EventIntake.Outcome outcome = read(intake, body, null);
    assertThat(outcome).isInstanceOf(EventIntake.Bad.class);
    return ((EventIntake.Bad) outcome).problem().toJson();
  }

  private JsonObject bad(String body) {
    return bad(intake, body);
  }

  private static String error(JsonObject problem, int index) {
    JsonObject error = problem.getJsonArray("errors").getJsonObject(index);
    return "%s | %s | %s"
        .formatted(error.getString("pointer"), error.getString("value"), error.getString("reason"));
  }

  private static String value(ProducerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  @Test
  void theExampleGoesToItsTopicAsItStands() {
    EventIntake.Good good = good(EXAMPLE);
    assertThat(good.array()).isFalse();
    EventIntake.Outgoing event = good.events().getFirst();
    ProducerRecord<byte[], byte[]> record = event.record();
    assertThat(record.topic()).isEqualTo("gateway_txns");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(record.headers()).isEmpty();
    assertThat(record.key()).isEqualTo("TXN1001".getBytes(StandardCharsets.UTF_8));
    assertThat(value(record)).isEqualTo(EXAMPLE.replace("GATEWAY", "gateway"));
    assertThat(event.source()).isEqualTo("gateway");
    assertThat(event.eventId()).matches("[0-9a-f]{64}");
    assertThat(good(EXAMPLE.replace("{", "{\"event_id\":\"e-1\",")).events().getFirst().eventId())
        .isEqualTo("e-1");
  }

  @Test
  void anArrayIsAnArrayWhateverItsLength() {
    assertThat(good("[" + EXAMPLE + "]").array()).isTrue();
    assertThat(bad("[]").getInteger("status")).isEqualTo(422);
    assertThat(good("[" + EXAMPLE + ", " + EXAMPLE + "]").events()).hasSize(2);
  }

  @Test
  void theTraceGoesOnInTheRecord() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EventIntake.Good good = (EventIntake.Good) read(intake, EXAMPLE, trace);
    assertThat(good.events().getFirst().record().headers().lastHeader("traceparent").value())
        .isEqualTo(trace.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      value = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, true",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, false",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01, false",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331, false",
        "'', false",
        "NULL, false",
      })
  void aBrokenTraceIsNotPassedOn(@Nullable String header, boolean valid) {
    assertThat(TraceParent.valid(header)).isEqualTo(valid ? header : null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "50000     | 50000.0  | FRACTIONAL_AMOUNT | /amount | 50000.0 | is not written as an"
            + " integer of minor units",
        "50000     | 5e4      | FRACTIONAL_AMOUNT | /amount | 5e4 | is not written as an integer of"
            + " minor units",
        "50000     | \"50000\"| BAD_VALUE | /amount | 50000 | is not a JSON integer",
        "50000     | null     | MISSING_FIELD | /amount | null | missing",
        "\"INR\"   | \"XXQ\"  | UNKNOWN_CURRENCY | /currency | XXQ | is no ISO 4217 currency with"
            + " minor units",
        "\"GATEWAY\" | \"Shop\" | UNKNOWN_SOURCE | /source | Shop | is no known source; " + KNOWN,
        "\"GATEWAY\" | \"?\"  | UNKNOWN_SOURCE | /source | ? | is no known source; " + KNOWN,
        "\"GATEWAY\" | \"operator\" | UNKNOWN_SOURCE | /source | operator | is no known source; "
            + KNOWN,
        "\"GATEWAY\" | null   | MISSING_FIELD | /source | null | missing; " + KNOWN,
        "\"GATEWAY\" | 5      | BAD_VALUE | /source | 5 | is not a text; " + KNOWN,
        "\"TXN1001\" | null   | MISSING_FIELD | /txn_id | null | missing",
        "\"TXN1001\" | \"\"   | BAD_VALUE | /txn_id | `` | has not 1 to 256 characters",
        "\"TXN1001\" | 7      | BAD_VALUE | /txn_id | 7 | is not a text",
        "\"SUCCESS\" | \"S\",\"x\":true | BAD_VALUE | /x | true | in an unknown field that is not a"
            + " text",
      })
  void eachRefusalNamesThePlaceTheValueAndTheReason(
      String good, String bad, String code, String pointer, String value, String reason) {
    JsonObject problem = bad(EXAMPLE.replace(good, bad));
    assertThat(problem.getInteger("status")).isEqualTo(422);
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getJsonArray("errors")).hasSize(1);
    assertThat(error(problem, 0))
        .isEqualTo("%s | %s | %s (%s)".formatted(pointer, value, reason, code));
  }

  @Test
  void everyWrongFieldOfEveryWrongEventIsNamed() {
    String wrong = EXAMPLE.replace("50000", "5e4").replace("GATEWAY", "SHOP").replace("INR", "X");
    JsonObject problem = bad("[%s,%s,7,{},%s]".formatted(EXAMPLE, wrong, EXAMPLE));
    assertThat(problem.getString("code")).isEqualTo("INVALID_EVENT");
    assertThat(problem.getString("detail")).isEqualTo("3 of 5 events are refused; none was sent.");
    assertThat(
            problem.getJsonArray("errors").stream().map(e -> ((JsonObject) e).getString("pointer")))
        .containsExactly(
            "/1/amount",
            "/1/currency",
            "/1/source",
            "/2",
            "/3/txn_id",
            "/3/event_type",
            "/3/status",
            "/3/amount",
            "/3/currency",
            "/3/timestamp",
            "/3/source");
  }

  @Test
  void errorsHaveAnEnd() {
    JsonArray errors = bad("[" + "{},".repeat(999) + "{}]").getJsonArray("errors");
    assertThat(errors).hasSize(100);
  }

  @Test
  void anEventThatNobodyTakesIsRefusedNow() {
    JsonObject problem = bad(EXAMPLE.replace("GATEWAY", "core"));
    assertThat(problem.getString("code")).isEqualTo("NO_RECONCILIATION");
    assertThat(error(problem, 0))
        .startsWith(" | {\"txn_id\":\"TXN1001\",")
        .endsWith("no reconciliation that reads core_txns takes \"TXN1001\" (NO_RECONCILIATION)");
    String withChannel = EXAMPLE.replace("{", "{\"channel\":\"CARD\",");
    good(withChannel);
    good(withChannel.replace("GATEWAY", "CORE"));
    assertThat(bad(withChannel.replace("GATEWAY", "bank")).getString("code"))
        .isEqualTo("NO_RECONCILIATION");
  }

  @Test
  void whatTheEngineWouldFindTooLargeIsRefusedNow() {
    String note = "\"note\":\"" + "é".repeat(1_000) + "\",";
    String large = EXAMPLE.replace("{", "{" + note);
    JsonObject problem = bad("[" + large + "]");
    assertThat(problem.getInteger("status")).isEqualTo(413);
    assertThat(problem.getString("code")).isEqualTo("TOO_LARGE");
    assertThat(error(problem, 0)).startsWith("/0 | ").contains("bytes, allowed are 2000");
    JsonObject mixed = bad("[" + large + ",{}]");
    assertThat(mixed.getInteger("status")).as("size is not all").isEqualTo(422);
    assertThat(mixed.getString("code")).isEqualTo("INVALID_EVENT");
  }

  @Test
  void whatIsNoJsonAndWhatIsTooManyIsSaidAtOnce() {
    assertThat(bad("").getInteger("status")).isEqualTo(400);
    assertThat(bad(EXAMPLE.replace("{", "{\"amount\":1,")).getString("code")).isEqualTo("NOT_JSON");
    assertThat(good("[" + (EXAMPLE + ",").repeat(999) + EXAMPLE + "]").events()).hasSize(1_000);
    JsonObject problem = bad("[" + (EXAMPLE + ",").repeat(1_000) + EXAMPLE + "]");
    assertThat(problem.getInteger("status")).isEqualTo(413);
  }

  @Test
  void aMappedSourceIsWrittenUnderItsOwnNames() {
    Rulebook partner = new Rulebook(List.of(DefinitionReader.read("partner.yaml", MAPPED)));
    EventIntake mapped = intake(List.of(partner));
    String posted =
        EXAMPLE.replace("GATEWAY", "Partner").replace("{", "{\"fee\":3,\"note\":\"n\",");
    EventIntake.Good good = (EventIntake.Good) read(mapped, posted, null);
    ProducerRecord<byte[], byte[]> record = good.events().getFirst().record();
    assertThat(value(record))
        .isEqualTo(
            posted
                .replace("Partner", "partner")
                .replace("\"fee\"", "\"charge\"")
                .replace("\"txn_id\"", "\"id\"")
                .replace("\"amount\"", "\"fee\""));
    SourceRule rule = Objects.requireNonNull(partner.source("partner"));
    assertThat(
            new JsonEventDecoder(rule, RECORD_MAX)
                .decode(new RawRecord(0, NOW_MS, record.key(), record.value(), List.of())))
        .isInstanceOfSatisfying(
            Reading.Taken.class,
            taken ->
                assertThat(taken.event().eventId()).isEqualTo(good.events().getFirst().eventId()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"id\":\"other\"",
        "\"way\":\"w\"",
        "\"channel\":null,\"way\":\"w\"",
      })
  void anAttributeMayNotPoseAsAMappedField(String more) {
    Rulebook partner = new Rulebook(List.of(DefinitionReader.read("partner.yaml", MAPPED)));
    String posted = EXAMPLE.replace("GATEWAY", "partner").replace("{", "{" + more + ",");
    JsonObject problem = bad(intake(List.of(partner)), posted);
    assertThat(problem.getInteger("status")).isEqualTo(422);
    assertThat(error(problem, 0)).contains("cannot be written with the field names of partner");
  }
}
