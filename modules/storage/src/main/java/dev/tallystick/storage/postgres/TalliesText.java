package dev.tallystick.storage.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.wire.JsonText;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The column {@code transactions.tallies}: {@code {"source":[seen_to,redeliveries]}} by source, or
 * null in the usual case that the kept events say the same.
 */
final class TalliesText {

  private static final JsonFactory JSON = new JsonFactory();

  private TalliesText() {}

  static @Nullable String write(Map<String, Tally> tallies, List<Event> events) {
    if (tallies.equals(implied(events))) {
      return null;
    }
    JsonText json = new JsonText(64).openObject();
    new TreeMap<>(tallies)
        .forEach(
            (source, tally) -> {
              json.name(source).openArray();
              json.value(tally.seenTo()).value(tally.redeliveries()).closeArray();
            });
    return json.closeObject().toString();
  }

  /**
   * @throws IllegalStateException for a text that {@link #write} cannot have written
   */
  static Map<String, Tally> read(@Nullable String text, List<Event> events) {
    if (text == null) {
      return Collections.unmodifiableMap(implied(events));
    }
    Map<String, Tally> tallies = new TreeMap<>();
    try (JsonParser in = JSON.createParser(text)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String source = in.currentName();
        in.nextToken();
        long seenTo = in.nextLongValue(Event.NONE);
        int redeliveries = in.nextIntValue(0);
        in.nextToken();
        tallies.put(source, new Tally(seenTo, redeliveries));
      }
    } catch (IOException e) {
      throw new IllegalStateException("stored tallies cannot be read: " + text, e);
    }
    return Collections.unmodifiableMap(tallies);
  }

  private static Map<String, Tally> implied(List<Event> events) {
    Map<String, Tally> tallies = new TreeMap<>();
    for (Event event : events) {
      tallies.merge(
          event.source(), new Tally(event.offset(), 0), (a, b) -> a.seenTo() >= b.seenTo() ? a : b);
    }
    return tallies;
  }
}
