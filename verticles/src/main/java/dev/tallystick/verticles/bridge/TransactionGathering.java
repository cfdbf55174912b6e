package dev.tallystick.verticles.bridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * At most four messages a second about rows written: how many, and the newest of them. Time is an
 * input; not thread-safe.
 */
final class TransactionGathering {

  static final long APART_MS = 250;
  static final int ITEMS_MAX = 50;

  private final Deque<Object> newestFirst = new ArrayDeque<>();
  private boolean everTaken;
  private long takenAtMs;
  private long written;

  /**
   * Rows were written.
   *
   * @param count at least one
   * @param items some of them, newest first; all newer than what was added before
   */
  void add(long count, List<?> items) {
    written += count;
    for (Object item : items.reversed()) {
      newestFirst.addFirst(item);
    }
    while (newestFirst.size() > ITEMS_MAX) {
      newestFirst.removeLast();
    }
  }

  boolean isEmpty() {
    return written == 0;
  }

  /**
   * @param nowMs monotonic
   * @return milliseconds until the next message may leave; 0: now
   */
  long waitMs(long nowMs) {
    return everTaken ? Math.max(0, takenAtMs + APART_MS - nowMs) : 0;
  }

  /** One message about all that was added, which is forgotten. */
  String take(long nowMs, String asOf) {
    JsonArray items = new JsonArray();
    newestFirst.forEach(items::add);
    String text =
        new JsonObject()
            .put("v", 1)
            .put("as_of", asOf)
            .put("conflated", written)
            .put("items", items)
            .encode();
    newestFirst.clear();
    written = 0;
    everTaken = true;
    takenAtMs = nowMs;
    return text;
  }
}
