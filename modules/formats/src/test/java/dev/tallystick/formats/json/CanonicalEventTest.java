package dev.tallystick.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Golden: stored content hashes depend on every byte of the canonical text. The hashes were
 * computed by another program (sha256 of the text in UTF-8).
 */
class CanonicalEventTest {

  @Test
  void theExampleOfTheRequirements() {
    golden(
        event("TXN1001", Records.EXAMPLE),
        """
        {"txn_id":"TXN1001","source":"gateway","event_type":"PAYMENT_CAPTURED",\
        "status":"SUCCESS","amount":50000,"currency":"INR",\
        "timestamp":"2025-12-18T10:15:30.000Z"}\
        """,
        "2a59576ec31b83b6a288c8a396fb7aa8985a8e953540909084e3e479a2cd359e");
  }

  @Test
  void everyField() {
    golden(
        event(
            "TXN-é",
            """
            {"event_id":"not stated", "fee":12, "rail":"UPI", "channel":"MOBILE",
             "attributes":{"a":"😀","Z":"1"}, "reference":"r\\nt\\u0007",
             "timestamp":"2025-12-18T15:45:30.1239+05:30", "counterparty":"Łódź",
             "account":"a\\"b\\\\c", "currency":"KWD", "amount":-50000, "status":"SUCCESS",
             "event_type":"PAYMENT_CAPTURED", "source":"Gateway", "txn_id":"TXN-\\u00e9"}\
            """),
        """
        {"txn_id":"TXN-é","source":"gateway","event_type":"PAYMENT_CAPTURED",\
        "status":"SUCCESS","amount":-50000,"currency":"KWD","account":"a\\"b\\\\c",\
        "counterparty":"Łódź","timestamp":"2025-12-18T10:15:30.123Z",\
        "reference":"r\\nt\\u0007","channel":"MOBILE","fee":12,\
        "attributes":{"Z":"1","a":"😀","rail":"UPI"}}\
        """,
        "d0695de052aecaccf29a86e50971e73fbf73024b740b2b05011a4947331fad35");
  }

  @Test
  void emptyAttributesAreAbsent() {
    String example = Records.EXAMPLE;
    String empty = example.substring(0, example.length() - 1) + ",\"attributes\":{}}";
    assertThat(event("TXN1001", empty)).isEqualTo(event("TXN1001", example));
  }

  @Test
  void attributesAreSortedWhoeverBuiltTheEvent() {
    Event event = event("TXN1001", Records.EXAMPLE);
    Event unsorted = withAttributes(event, Map.of("b", "2", "a", "1", "c", "3"));
    assertThat(CanonicalEvent.text(unsorted))
        .endsWith(",\"attributes\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}}");
  }

  private static void golden(Event event, String text, String sha256) {
    assertThat(CanonicalEvent.text(event)).isEqualTo(text);
    assertThat(event.content().toHex()).isEqualTo(sha256);
    assertThat(new CanonicalEvent().hash(event)).isEqualTo(event.content());
  }

  private static Event event(String key, String payload) {
    Reading reading = Records.decoder().decode(Records.record(key, payload));
    assertThat(reading).isInstanceOf(Reading.Taken.class);
    return ((Reading.Taken) reading).event();
  }

  private static Event withAttributes(Event e, Map<String, String> attributes) {
    return new Event(
        e.txnId(),
        e.source(),
        e.eventId(),
        e.content(),
        e.type(),
        e.status(),
        e.amountMinor(),
        e.currency(),
        e.account(),
        e.counterparty(),
        e.occurredAtMs(),
        e.reference(),
        e.channel(),
        e.feeMinor(),
        attributes,
        null,
        e.offset(),
        e.recordedAtMs());
  }
}
