package dev.tallystick.verticles.http;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whoever asks while the same question is being answered gets the same answer: a hundred screens
 * that ask for the figures cost one query. Nothing is kept once it is answered. Belongs to one
 * event loop.
 */
public final class SingleFlight<K, V> {

  private final Map<K, Future<V>> running = new HashMap<>();

  /** The answer that is under way for that question, or a new one. */
  public Future<V> ask(K question, Supplier<Future<V>> answer) {
    Future<V> under = running.get(question);
    if (under != null) {
      return under;
    }
    Future<V> started = answer.get();
    if (!started.isComplete()) {
      running.put(question, started);
      started.onComplete(done -> running.remove(question, started));
    }
    return started;
  }
}
