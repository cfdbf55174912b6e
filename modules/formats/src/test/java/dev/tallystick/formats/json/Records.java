package dev.tallystick.formats.json;

import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.rules.SourceRule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records as a topic would hand them over. */
public final class Records {

  public static final int RECORD_MAX = 1024 * 1024;
  public static final long AT = Instant.parse("2025-12-18T10:15:31Z").toEpochMilli();

  /** The REST example of the requirements, A4: it must work as it stands. */
  public static final String EXAMPLE =
      """
      {"txn_id":"TXN1001","amount":50000,"currency":"INR","source":"GATEWAY",\
      "event_type":"PAYMENT_CAPTURED","status":"SUCCESS","timestamp":"2025-12-18T10:15:30Z"}\
      """;

  private Records() {}

  public static RawRecord record(@Nullable String key, @Nullable String value) {
    return new RawRecord(7, AT, bytes(key), bytes(value), List.of());
  }

  public static RawRecord record(String value) {
    return record("TXN1001", value);
  }

  public static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  public static SourceRule gateway(Map<String, String> mapping) {
    return new SourceRule(
        "gateway", "gateway_txns", true, 60_000, null, Set.of(), false, false, "json", mapping);
  }

  public static JsonEventDecoder decoder() {
    return new JsonEventDecoder(gateway(Map.of()), RECORD_MAX);
  }
}
