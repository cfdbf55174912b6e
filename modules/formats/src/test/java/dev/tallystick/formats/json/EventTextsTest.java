package dev.tallystick.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One event or many are taken apart; what they say stays as it was written. */
class EventTextsTest {

  private static final int MAX = 3;

  private static EventTexts.Result read(String body) {
    return EventTexts.read(Objects.requireNonNull(Records.bytes(body)), MAX);
  }

  private static EventTexts.Events events(String body) {
    EventTexts.Result result = read(body);
    assertThat(result).isInstanceOf(EventTexts.Events.class);
    return (EventTexts.Events) result;
  }

  private static String json(EventTexts.Text text) {
    return new String(text.json(), StandardCharsets.UTF_8);
  }

  @Test
  void theExampleOfTheRequirementsIsOneEvent() {
    EventTexts.Events events = events(Records.EXAMPLE);
    assertThat(events.array()).isFalse();
    EventTexts.Text text = events.texts().getFirst();
    assertThat(text.txnId()).isEqualTo("TXN1001");
    assertThat(text.source()).isEqualTo("GATEWAY");
    assertThat(text.sourceName()).isEqualTo("gateway");
    assertThat(json(text)).isEqualTo(Records.EXAMPLE.replace("GATEWAY", "gateway"));
  }

  @Test
  void anArrayIsTakenApart() {
    EventTexts.Events events = events(" [ {\"txn_id\" : \"A\"} ,\n{ \"source\":\"X\" },7]\t");
    assertThat(events.array()).isTrue();
    assertThat(events.texts())
        .extracting(EventTextsTest::json)
        .containsExactly("{\"txn_id\":\"A\"}", "{\"source\":\"x\"}", "7");
    assertThat(events.texts())
        .extracting(EventTexts.Text::object)
        .containsExactly(true, true, false);
    assertThat(events.texts()).extracting(EventTexts.Text::txnId).containsExactly("A", null, null);
    assertThat(events("[]").texts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"amount\": 50000.0 }        | {\"amount\":50000.0}",
        "{\"amount\": 5e4, \"fee\":-0} | {\"amount\":5e4,\"fee\":-0}",
        "{\"n\": null, \"t\": true}    | {\"n\":null,\"t\":true}",
        "{\"a\": {\"source\": \"UP\"}} | {\"a\":{\"source\":\"UP\"}}",
        "{\"a\": [1, [], {}]}          | {\"a\":[1,[],{}]}",
        "{\"source\": 5}               | {\"source\":5}",
        "{\"source\": \"\u212Aelvin\"} | {\"source\":\"\u212Aelvin\"}",
        "{\"a\": \"\\ud83d\\ude00\"}   | {\"a\":\"\ud83d\ude00\"}",
        "{\"a\": \"é\\ud83d\"}         | {\"a\":\"\\u00E9\\uD83D\"}",
        "{\"\\ud83d\\ude00é\": \"é\"} | {\"\ud83d\ude00é\":\"é\"}",
        "{\"a\": \"\\ud83d\", \"é\": \"é\"} | {\"a\":\"\\uD83D\",\"é\":\"é\"}",
      })
  void whatItSaysStaysAsItWasWritten(String written, String kept) {
    assertThat(json(events(written).texts().getFirst())).isEqualTo(kept);
  }

  /** The decoder still sees what a writer of JSON could not write as UTF-8. */
  @Test
  void halfASurrogatePairReachesTheDecoder() {
    EventTexts.Text text = events(Records.EXAMPLE.replace("SUCCESS", "\\ud83d")).texts().getFirst();
    Reading reading = Records.decoder().decode(Records.record(json(text)));
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(DeadLetterReason.BAD_VALUE);
              assertThat(refused.detail()).contains("half a surrogate pair");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "7",
        "null",
        "\"text\"",
        "nonsense",
        "{\"a\":1",
        "{\"a\":01}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":1}{}",
        "{\"a\":1} x",
        "[{\"a\":1}",
        "[{},]",
        "[] []",
        "{\"a\":1,\"a\":1}",
        "[{\"b\":{\"a\":1,\"a\":2}}]",
        "\ufeff{}",
        "{\"\\ud83d\":1}",
        "{\"\\ude00\":1}",
      })
  void whatIsNoJsonIsSaidSo(String body) {
    assertThat(read(body))
        .isInstanceOfSatisfying(
            EventTexts.NotJson.class, wrong -> assertThat(wrong.why()).isNotBlank());
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(read("{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))
        .isInstanceOf(EventTexts.NotJson.class);
  }

  @Test
  void bytesThatAreNoUtf8AreNamed() {
    byte[] body = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(EventTexts.read(body, MAX)).isEqualTo(new EventTexts.NotJson("no UTF-8 at byte 6"));
  }

  @Test
  void moreThanAllowedAreNotRead() {
    assertThat(events("[1,2,3]").texts()).hasSize(3);
    assertThat(read("[1,2,3,4, nonsense")).isEqualTo(new EventTexts.TooMany(MAX));
  }

  @Test
  void onlyTheEventsOwnFieldsAreRenamed() {
    EventTexts.Text text =
        events("{\"a\":{\"a\":\"1\"},\"b\":[{\"a\":2}],\"c\":5e4}").texts().getFirst();
    byte[] renamed = EventTexts.renamed(text.json(), Map.of("a", "b", "b", "a"));
    assertThat(new String(renamed, StandardCharsets.UTF_8))
        .isEqualTo("{\"b\":{\"a\":\"1\"},\"a\":[{\"a\":2}],\"c\":5e4}");
    assertThat(EventTexts.renamed(text.json(), Map.of())).isEqualTo(text.json());
    assertThat(List.of(text.txnId() == null, text.source() == null)).containsOnly(true);
  }
}
