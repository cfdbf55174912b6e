package dev.tallystick.storage.postgres;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Turns rows into the arrays that {@code unnest} takes: one statement for any number of rows. */
final class Columns {

  /** Stands between the elements of a text array inside a text array, which SQL cannot nest. */
  private static final String SEPARATOR = "\u001f";

  private Columns() {}

  static <T> @Nullable String[] texts(List<T> rows, Function<T, @Nullable String> column) {
    @Nullable String[] values = new @Nullable String[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  static <T> @Nullable Long[] longs(List<T> rows, Function<T, @Nullable Long> column) {
    @Nullable Long[] values = new @Nullable Long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  static <T> Long[] numbers(List<T> rows, ToLongFunction<T> column) {
    Long[] values = new Long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsLong(rows.get(i));
    }
    return values;
  }

  static <T> Integer[] ints(List<T> rows, ToIntFunction<T> column) {
    Integer[] values = new Integer[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsInt(rows.get(i));
    }
    return values;
  }

  static <T> Boolean[] flags(List<T> rows, Function<T, Boolean> column) {
    Boolean[] values = new Boolean[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  static <T> @Nullable OffsetDateTime[] times(
      List<T> rows, Function<T, @Nullable OffsetDateTime> column) {
    @Nullable OffsetDateTime[] values = new @Nullable OffsetDateTime[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  static <T> @Nullable Buffer[] bytes(List<T> rows, Function<T, byte @Nullable []> column) {
    @Nullable Buffer[] values = new @Nullable Buffer[rows.size()];
    for (int i = 0; i < values.length; i++) {
      byte[] bytes = column.apply(rows.get(i));
      values[i] = bytes == null ? null : Buffer.buffer(bytes);
    }
    return values;
  }

  /** The parameters of a statement; there is no limit on their number here. */
  static Tuple values(Object... values) {
    return Tuple.wrap(Arrays.asList(values));
  }

  /** Read back in SQL with {@code string_to_array(…, chr(31))}. */
  static String joined(List<String> elements) {
    return String.join(SEPARATOR, elements);
  }
}
