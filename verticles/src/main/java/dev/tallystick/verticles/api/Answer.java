package dev.tallystick.verticles.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status and a JSON body. */
record Answer(int status, JsonObject body) {

  static Answer of(JsonObject body) {
    return new Answer(200, body);
  }

  static Answer page(JsonArray items, @Nullable String next, long asOfMs) {
    return of(
        new JsonObject().put("items", items).put("next", next).put("as_of", Json.time(asOfMs)));
  }

  /** The question fits several: they are told apart by their reconciliation. */
  static Answer several(List<JsonObject> items) {
    return new Answer(300, new JsonObject().put("items", new JsonArray(items)));
  }
}
