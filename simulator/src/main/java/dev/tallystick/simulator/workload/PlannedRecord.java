package dev.tallystick.simulator.workload;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record a source will send.
 *
 * @param fields of the event but its timestamp, in wire names; values are texts, longs or a map of
 *     texts
 * @param mapping event field → name in the payload
 * @param delayMs after the transaction's begin
 * @param afterDeadlineMs above 0: sent that long after the source's deadline instead
 * @param occurredOffsetMs of the event's own time, from the transaction's begin
 * @param poison what is wrong with it; null: it is an event
 */
public record PlannedRecord(
    String source,
    String topic,
    String key,
    Map<String, Object> fields,
    Map<String, String> mapping,
    long delayMs,
    long afterDeadlineMs,
    long occurredOffsetMs,
    @Nullable Poison poison) {

  private static final JsonMapper JSON = new JsonMapper();

  public boolean isLate() {
    return afterDeadlineMs > 0;
  }

  /**
   * The bytes; the same for the same begin.
   *
   * @param beginMs of the transaction, epoch milliseconds
   */
  public byte[] value(long beginMs) {
    ObjectNode node = JSON.createObjectNode();
    fields.forEach((name, value) -> node.set(nameOf(name), JSON.valueToTree(value)));
    node.put(nameOf("timestamp"), Instant.ofEpochMilli(beginMs + occurredOffsetMs).toString());
    if (poison != null) {
      spoil(node, poison);
    }
    String text = node.toString();
    return (poison == Poison.NOT_JSON ? text.substring(0, text.length() / 2) : text)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void spoil(ObjectNode node, Poison how) {
    switch (how) {
      case NOT_JSON -> {} // cut off as text
      case MISSING_FIELD -> node.remove(nameOf("amount"));
      case FRACTIONAL_AMOUNT -> node.put(nameOf("amount"), 12.5);
      case UNKNOWN_CURRENCY -> node.put(nameOf("currency"), "ZZZ");
      case KEY_MISMATCH -> node.put(nameOf("txn_id"), key + "-other");
      case UNKNOWN_SOURCE -> node.put(nameOf("source"), "nobody");
    }
  }

  private String nameOf(String field) {
    return mapping.getOrDefault(field, field);
  }
}
