package dev.tallystick.launcher.node;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Valid events of the gateway, in any order of fields and with any spaces; a seed repeats them. */
final class Generated {

  private static final List<String> TEXTS =
      List.of("plain", "é", "😀", "a \"quoted\" \\ text", "line\nbreak", "\u2028", "x".repeat(900));

  private Generated() {}

  static JsonObject event(Random random, String txnId) {
    JsonObject event =
        new JsonObject()
            .put("txn_id", txnId)
            .put("source", pick(random, List.of("gateway", "GATEWAY", "GateWay")))
            .put("event_type", pick(random, List.of("PAYMENT_CAPTURED", "X", "LEDGER_POSTED")))
            .put("status", pick(random, List.of("SUCCESS", "PENDING", "own status")))
            .put("amount", random.nextLong(-4_000_000_000_000_000_000L, 4_000_000_000_000_000_001L))
            .put("currency", pick(random, List.of("INR", "JPY", "KWD")))
            .put("timestamp", Instant.ofEpochMilli(random.nextLong(2_000_000_000_000L)).toString());
    for (String optional : List.of("event_id", "account", "counterparty", "reference", "channel")) {
      if (random.nextInt(3) == 0) {
        String text = pick(random, TEXTS);
        event.put(optional, optional.equals("event_id") && text.length() > 128 ? "e" : text);
      } else if (random.nextInt(9) == 0) {
        event.putNull(optional);
      }
    }
    if (random.nextBoolean()) {
      event.put("fee", random.nextInt());
    }
    if (random.nextBoolean()) {
      event.put("unknown-" + pick(random, TEXTS), pick(random, TEXTS));
    }
    if (random.nextBoolean()) {
      event.put("attributes", new JsonObject().put("b", pick(random, TEXTS)).put("a", "1"));
    }
    return event;
  }

  static String written(Random random, JsonArray events) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      texts.add(written(random, events.getJsonObject(i)));
    }
    return space(random) + "[" + String.join("," + space(random), texts) + "]" + space(random);
  }

  static String written(Random random, JsonObject event) {
    List<String> fields = new ArrayList<>();
    for (String name : event.fieldNames()) {
      String field = new JsonObject().put(name, event.getValue(name)).encode();
      fields.add(field.substring(1, field.length() - 1) + space(random));
    }
    Collections.shuffle(fields, random);
    return space(random) + "{" + space(random) + String.join(",", fields) + "}";
  }

  private static String space(Random random) {
    return pick(random, List.of("", " ", "\n\t", "\r\n"));
  }

  private static String pick(Random random, List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
