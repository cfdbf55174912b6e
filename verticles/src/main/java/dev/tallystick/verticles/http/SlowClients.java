package dev.tallystick.verticles.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * Ends connections that deliver a request byte by byte. The idle timeout does not see them: a byte
 * every minute is not idle. Between the start of a connection, or the end of an answer, and the
 * next complete head of a request only so much time may pass, and from there to the end of the
 * body.
 */
final class SlowClients {

  /** From the start of the connection to its first head. */
  static final long FIRST_HEAD_MAX_MS = 10_000;

  /** From the end of an answer to the next head. */
  static final long HEAD_MAX_MS = 60_000;

  /** From a head to the end of its body. */
  static final long BODY_MAX_MS = 30_000;

  private final Vertx vertx;
  private final Map<HttpConnection, Long> timers = new HashMap<>();

  SlowClients(Vertx vertx) {
    this.vertx = vertx;
  }

  void connected(HttpConnection connection) {
    arm(connection, FIRST_HEAD_MAX_MS);
    connection.closeHandler(closed -> disarm(connection));
  }

  /** The head of a request is complete. */
  void requested(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    disarm(connection);
    timers.put(connection, vertx.setTimer(BODY_MAX_MS, fired -> endUnlessRead(request)));
    request.response().endHandler(answered -> arm(connection, HEAD_MAX_MS));
  }

  /** One that was read and waits for its answer, or has become a WebSocket, is left alone. */
  private static void endUnlessRead(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.connection().close();
    }
  }

  private void arm(HttpConnection connection, long ms) {
    disarm(connection);
    timers.put(connection, vertx.setTimer(ms, fired -> connection.close()));
  }

  private void disarm(HttpConnection connection) {
    Long timer = timers.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
