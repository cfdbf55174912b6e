package dev.tallystick.verticles.api;

import dev.tallystick.core.model.Event;
import dev.tallystick.formats.Rfc3339;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of one request, each as its rule accepts it. */
final class Query {

  private final Map<String, List<String>> values;

  Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Null when it was not given. */
  @Nullable String text(String name) {
    List<String> given = values.get(name);
    return given == null ? null : given.getFirst();
  }

  String text(String name, String otherwise) {
    String given = text(name);
    return given == null ? otherwise : given;
  }

  /** A parameter of the path is always there. */
  String required(String name) {
    String given = text(name);
    if (given == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return given;
  }

  @Nullable Long number(String name) {
    String given = text(name);
    return given == null ? null : Long.valueOf(given);
  }

  int number(String name, int otherwise) {
    Long given = number(name);
    return given == null ? otherwise : Math.toIntExact(given);
  }

  /** Epoch milliseconds, or {@link Event#NONE} when it was not given. */
  long timeMs(String name) {
    String given = text(name);
    return given == null ? Event.NONE : Rfc3339.parseMs(given);
  }

  /** Empty when it was not given. */
  <E extends Enum<E>> Set<E> anyOf(String name, Class<E> type) {
    Set<E> found = EnumSet.noneOf(type);
    for (String value : values.getOrDefault(name, List.of())) {
      found.add(Enum.valueOf(type, value));
    }
    return Collections.unmodifiableSet(found);
  }
}
