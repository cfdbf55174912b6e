package dev.tallystick.core.judge;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.wire.JsonText;
import dev.tallystick.core.wire.TimeText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an event states, field by field, in the order of contracts, section 3. */
final class EventFields {

  private record Field(String name, Function<Event, @Nullable String> text) {}

  private static final List<Field> IN_ORDER =
      List.of(
          new Field("event_type", Event::type),
          new Field("status", Event::status),
          new Field("amount", event -> Long.toString(event.amountMinor())),
          new Field("currency", Event::currency),
          new Field("account", Event::account),
          new Field("counterparty", Event::counterparty),
          new Field("timestamp", event -> time(event.occurredAtMs())),
          new Field("reference", Event::reference),
          new Field("channel", Event::channel),
          new Field("fee", event -> number(event.feeMinor())),
          new Field("attributes", event -> json(event.attributes())));

  /** A field two reports differ in, with both values as text. */
  record FieldDifference(String field, @Nullable String expected, @Nullable String actual) {}

  private EventFields() {}

  /** The first field in which two reports with the same id but other content differ. */
  static FieldDifference firstDifference(Event first, Event second) {
    for (Field field : IN_ORDER) {
      String expected = field.text().apply(first);
      String actual = field.text().apply(second);
      if (!Objects.equals(expected, actual)) {
        return new FieldDifference(field.name(), expected, actual);
      }
    }
    return new FieldDifference("content", first.content().toHex(), second.content().toHex());
  }

  private static @Nullable String json(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return null;
    }
    JsonText json = new JsonText(64).openObject();
    new TreeMap<>(attributes).forEach((name, value) -> json.name(name).value(value));
    return json.closeObject().toString();
  }

  private static @Nullable String number(long value) {
    return value == Event.NONE ? null : Long.toString(value);
  }

  private static @Nullable String time(long ms) {
    return ms == Event.NONE ? null : TimeText.of(ms);
  }
}
