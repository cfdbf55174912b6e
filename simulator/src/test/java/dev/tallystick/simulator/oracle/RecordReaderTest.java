package dev.tallystick.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {

  private static final String EXAMPLE =
      """
      {"txn_id":"TXN1001","amount":50000,"currency":"INR","source":"GATEWAY","event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z"}\
      """;

  private static Decoded read(@Nullable String key, String json) {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    return new RecordReader("gateway", Map.of())
        .read(
            new LogRecord(
                "gateway_txns",
                0,
                0,
                1_800_000_000_000L,
                keyBytes,
                json.getBytes(StandardCharsets.UTF_8),
                List.of()));
  }

  @Test
  void theExampleOfTheRequirementsWorksAsItStands() {
    Decoded decoded = read("TXN1001", EXAMPLE);
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    Report report = ((Decoded.Event) decoded).report();
    assertThat(report.source()).isEqualTo("gateway");
    assertThat(report.amountMinor()).isEqualTo(50_000);
    String canonical =
        """
        {"txn_id":"TXN1001","source":"gateway","event_type":"PAYMENT_CAPTURED","status":"SUCCESS","amount":50000,"currency":"INR","timestamp":"2025-12-18T10:15:30.000Z"}\
        """;
    assertThat(report.eventId()).isEqualTo(Canonical.hex(Canonical.sha256(canonical)));
  }

  @Test
  void anUnknownTextIsAnAttributeAndAnythingElseUnknownIsRefused() {
    Decoded kept = read("TXN1001", EXAMPLE.replace("{", "{\"rail\":\"UPI\","));
    assertThat(((Decoded.Event) kept).report().attributes()).containsEntry("rail", "UPI");
    Decoded refused = read("TXN1001", EXAMPLE.replace("{", "{\"rail\":1,"));
    assertThat(((Decoded.Refused) refused).reason()).isEqualTo("BAD_VALUE");
  }

  @Test
  void aRecordWithoutKeyIsRefused() {
    assertThat(((Decoded.Refused) read(null, EXAMPLE)).reason()).isEqualTo("NO_KEY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50000             | 50000.0                 | FRACTIONAL_AMOUNT",
        "50000             | 5e4                     | FRACTIONAL_AMOUNT",
        "50000             | \"50000\"               | BAD_VALUE",
        "\"INR\"           | \"ZZZ\"                 | UNKNOWN_CURRENCY",
        "\"GATEWAY\"       | \"bank\"                | UNKNOWN_SOURCE",
        "TXN1001           | TXN1002                 | KEY_MISMATCH",
        "\"status\"        | \"state\"               | MISSING_FIELD",
        "PAYMENT_CAPTURED  | payment                 | BAD_VALUE",
        "2025-12-18T10     | 2025-12-18 at 10        | BAD_VALUE",
        "SUCCESS           | SUC\\u0000CESS          | BAD_VALUE",
        "}                 | }}                      | NOT_JSON",
      })
  void eachRefusalHasItsReason(String part, String instead, String reason) {
    Decoded decoded = read("TXN1001", EXAMPLE.replace(part, instead));
    assertThat(decoded).isInstanceOf(Decoded.Refused.class);
    assertThat(((Decoded.Refused) decoded).reason()).isEqualTo(reason);
  }
}
