package dev.tallystick.storage.read;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A where clause in the making: fixed fragments, and values only as numbered parameters. Not
 * thread-safe.
 */
final class Conditions {

  private final StringBuilder sql = new StringBuilder("true");
  private final List<Object> values = new ArrayList<>();

  /** The place of a value in the statement's text. */
  String bind(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  Conditions and(String fragment) {
    sql.append("\n and ").append(fragment);
    return this;
  }

  /**
   * @param fragment has one {@code %s} for the parameter
   */
  Conditions and(String fragment, Object value) {
    return and(fragment.formatted(bind(value)));
  }

  /**
   * Nothing when the text is null.
   *
   * @param fragment has {@code %1$s} or one {@code %s} for the parameter
   */
  Conditions andText(String fragment, @Nullable String text) {
    if (text == null) {
      return this;
    }
    // PostgreSQL holds no such text and refuses to be asked for one.
    return isStorable(text) ? and(fragment, text) : and("false");
  }

  /** Nothing when the set is empty: any value will do. */
  Conditions andAnyOf(String column, Set<? extends Enum<?>> any) {
    if (any.isEmpty()) {
      return this;
    }
    String[] names = any.stream().map(Enum::name).sorted().toArray(String[]::new);
    return and(column + " = any(%s::text[])", names);
  }

  /**
   * By the primary key, where the planner sees fit: a range that the texts are then held against.
   */
  Conditions andPrefix(String column, @Nullable String prefix) {
    // A match key has at most 256 characters, so none is behind the prefix with 256 last ones.
    return andText(
        """
        (COLUMN >= %1$s::text and COLUMN <= %1$s::text || repeat(chr(1114111), 256)
           and starts_with(COLUMN, %1$s::text))
        """
            .replace("COLUMN", column),
        prefix);
  }

  static boolean isStorable(String text) {
    return text.indexOf('\0') < 0;
  }

  /** Ends the bracket that a fragment has opened. */
  void close() {
    sql.append(')');
  }

  /** So far. */
  String text() {
    return sql.toString();
  }

  /** In the order they were bound. */
  Tuple values() {
    return Tuple.from(values);
  }
}
