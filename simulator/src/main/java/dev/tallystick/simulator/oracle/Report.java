package dev.tallystick.simulator.oracle;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One decoded event (contracts, section 3) with the position it was read at.
 *
 * @param recordedAtMs record timestamp, epoch milliseconds
 * @param eventId as sent, or the content in hexadecimal when none was sent
 * @param content SHA-256 of the canonical event, base64 without padding
 * @param amountMinor minor units of {@code currency}; 0 for commands
 * @param fee minor units; null: none
 * @param attributes sorted by name
 * @param command what an operator orders; null for reports
 */
public record Report(
    String source,
    String topic,
    int partition,
    long offset,
    long recordedAtMs,
    String txnId,
    String eventId,
    String content,
    String type,
    String status,
    long amountMinor,
    String currency,
    @Nullable String account,
    @Nullable String counterparty,
    long occurredAtMs,
    @Nullable String reference,
    @Nullable String channel,
    @Nullable Long fee,
    Map<String, String> attributes,
    @Nullable Command command) {

  private static final DateTimeFormatter RFC3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * An operator's order (protocol, section 7).
   *
   * @param version for REJUDGE, else 0
   */
  public record Command(String by, @Nullable String reason, List<Accepted> accepts, int version) {}

  /** One mismatch an operator saw, by content. */
  public record Accepted(
      String type,
      String source,
      String field,
      @Nullable String expected,
      @Nullable String actual) {}

  /** RFC 3339 in UTC with milliseconds: how a time is shown and hashed. */
  public static String time(long ms) {
    return RFC3339.format(Instant.ofEpochMilli(ms));
  }

  /** Same report: same source, event id and content. */
  public boolean sameReportAs(Report other) {
    return source.equals(other.source)
        && eventId.equals(other.eventId)
        && content.equals(other.content);
  }

  /** What {@code where} and {@code when} may ask; absent fields are absent. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("txn_id", txnId);
    fields.put("source", source);
    fields.put("event_id", eventId);
    fields.put("event_type", type);
    fields.put("status", status);
    fields.put("amount", amountMinor);
    fields.put("currency", currency);
    fields.put("timestamp", time(occurredAtMs));
    put(fields, "account", account);
    put(fields, "counterparty", counterparty);
    put(fields, "reference", reference);
    put(fields, "channel", channel);
    put(fields, "fee", fee);
    if (!attributes.isEmpty()) {
      fields.put("attributes", attributes);
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
