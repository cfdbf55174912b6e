package dev.tallystick.verticles.api;

import dev.tallystick.core.judge.Standing;
import dev.tallystick.core.judge.Standing.SourceStanding;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of the sources, field by field: in each cell the value that the judge compared,
 * and whether an open mismatch says that it differs from the reference. Which values differ is the
 * verdict's word: it is not compared a second time here.
 */
final class MatrixView {

  private record Field(String name, Function<Event, @Nullable Object> value) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("amount", Event::amountMinor),
          new Field("currency", Event::currency),
          new Field("status", Event::status),
          new Field("account", Event::account),
          new Field("timestamp", event -> Json.time(event.occurredAtMs())));

  /** The others are no difference between two sources. */
  private static final Set<MismatchType> COMPARISONS =
      EnumSet.of(
          MismatchType.CURRENCY,
          MismatchType.AMOUNT,
          MismatchType.STATUS,
          MismatchType.ACCOUNT,
          MismatchType.TIMESTAMP);

  private MatrixView() {}

  static JsonObject of(Standing standing, Collection<Mismatch> mismatches) {
    JsonArray fields = new JsonArray();
    JsonArray sources = new JsonArray();
    JsonArray cells = new JsonArray();
    standing.sources().forEach(source -> sources.add(source.rule().name()));
    for (Field field : FIELDS) {
      JsonArray row = new JsonArray();
      boolean some = false;
      for (SourceStanding source : standing.sources()) {
        Event view = source.view();
        Object value = view == null ? null : field.value().apply(view);
        some |= value != null;
        row.add(
            new JsonObject()
                .put("value", value)
                .put("differs", differs(mismatches, source.rule().name(), field.name())));
      }
      if (some) {
        fields.add(field.name());
        cells.add(row);
      }
    }
    return new JsonObject().put("fields", fields).put("sources", sources).put("cells", cells);
  }

  private static boolean differs(Collection<Mismatch> mismatches, String source, String field) {
    return mismatches.stream()
        .anyMatch(
            mismatch ->
                mismatch.isOpen()
                    && COMPARISONS.contains(mismatch.type())
                    && mismatch.source().equals(source)
                    && mismatch.field().equals(field));
  }
}
