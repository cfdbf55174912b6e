package dev.tallystick.verticles.api;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.wire.TimeText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values stand in an answer. */
final class Json {

  private Json() {}

  /** RFC 3339, or null for {@link Event#NONE}. */
  static @Nullable String time(long ms) {
    return ms == Event.NONE ? null : TimeText.of(ms);
  }

  static JsonArray names(Collection<? extends Enum<?>> values) {
    JsonArray names = new JsonArray();
    values.forEach(value -> names.add(value.name()));
    return names;
  }

  static JsonObject counts(Map<? extends Enum<?>, Long> counts) {
    JsonObject json = new JsonObject();
    counts.forEach((name, count) -> json.put(name.name(), count));
    return json;
  }

  static void answer(RoutingContext request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.toBuffer());
  }
}
