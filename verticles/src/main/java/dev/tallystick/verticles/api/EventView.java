package dev.tallystick.verticles.api;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.OperatorCommand;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An event in the fields of contracts, section 3, absent ones left out, and where it was read. */
final class EventView {

  private EventView() {}

  /**
   * @param topic null: its source is in no definition any more
   */
  static JsonObject of(Event event, @Nullable String topic, int partition) {
    JsonObject json =
        new JsonObject()
            .put("txn_id", event.txnId())
            .put("source", event.source())
            .put("event_id", event.eventId())
            .put("event_type", event.type());
    OperatorCommand command = event.command();
    if (command == null) {
      report(json, event);
    } else {
      command(json, command);
    }
    return json.put("topic", topic == null ? "" : topic)
        .put("partition", partition)
        .put("offset", event.offset())
        .put("recorded_at", Json.time(event.recordedAtMs()));
  }

  private static void report(JsonObject json, Event event) {
    json.put("status", event.status())
        .put("amount", event.amountMinor())
        .put("currency", event.currency());
    optional(json, "account", event.account());
    optional(json, "counterparty", event.counterparty());
    optional(json, "timestamp", Json.time(event.occurredAtMs()));
    optional(json, "reference", event.reference());
    optional(json, "channel", event.channel());
    if (event.feeMinor() != Event.NONE) {
      json.put("fee", event.feeMinor());
    }
    if (!event.attributes().isEmpty()) {
      JsonObject attributes = new JsonObject();
      new TreeMap<>(event.attributes()).forEach(attributes::put);
      json.put("attributes", attributes);
    }
  }

  private static void command(JsonObject json, OperatorCommand command) {
    json.put("by", command.by());
    optional(json, "reason", command.reason());
    if (!command.accepts().isEmpty()) {
      JsonArray accepts = new JsonArray();
      for (OperatorCommand.Accepted accepted : command.accepts()) {
        accepts.add(
            new JsonObject()
                .put("type", accepted.type().name())
                .put("source", accepted.source())
                .put("field", accepted.field())
                .put("expected", accepted.expected())
                .put("actual", accepted.actual()));
      }
      json.put("accepts", accepts);
    }
    if (command.version() != 0) {
      json.put("version", command.version());
    }
  }

  private static void optional(JsonObject json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
