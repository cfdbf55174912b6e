package dev.tallystick.verticles.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections: not more than so many, and none that delivers a request byte by byte. The
 * idle timeout does not see those: a byte every minute is not idle. Between the start of a
 * connection, or the end of an answer, and the next complete head of a request only so much time
 * may pass, and from there to the end of the body. On the event loop of the HTTP port.
 *
 * <p>It hears the end of a connection from Netty's channel: Vert.x does not tell of one that has
 * become a WebSocket.
 */
final class SlowClients {

  /** From the start of the connection to its first head. */
  static final long FIRST_HEAD_MAX_MS = 10_000;

  /** From the end of an answer to the next head. */
  static final long HEAD_MAX_MS = 60_000;

  /** From a head to the end of its body. */
  static final long BODY_MAX_MS = 30_000;

  /**
   * How long a body that nobody wants is still received after the answer: a connection that ends
   * before would take the answer with it.
   */
  static final long UNWANTED_MAX_MS = 1_000;

  /** An unwanted body that is longer than this ends the connection. */
  static final long UNWANTED_MAX_BYTES = 64L << 10;

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final int connectionsMax;
  private final Map<HttpConnection, Long> timers = new HashMap<>();

  /**
   * @param connectionsMax one more is closed at once
   */
  SlowClients(Vertx vertx, int connectionsMax) {
    this.vertx = vertx;
    this.connectionsMax = connectionsMax;
  }

  void connected(HttpConnection connection) {
    if (timers.size() >= connectionsMax) {
      connection.close();
      return;
    }
    timers.put(connection, NO_TIMER);
    arm(connection, FIRST_HEAD_MAX_MS);
    var _ = channel(connection).closeFuture().addListener(closed -> forget(connection));
  }

  /** The head of a request is complete. */
  void requested(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    replace(connection, vertx.setTimer(BODY_MAX_MS, fired -> endUnlessRead(request)));
    request.response().endHandler(answered -> answered(request)); // unless a route comes first
  }

  /** The answer is complete, or there is nobody left to answer. */
  void answered(HttpServerRequest request) {
    if (request.response().getStatusCode() == 101) {
      return; // a WebSocket from now on, with limits of its own
    }
    arm(request.connection(), isUnwanted(request) ? UNWANTED_MAX_MS : HEAD_MAX_MS);
  }

  /** Whether much of the body would still come, now that the request is answered. */
  static boolean isUnwanted(HttpServerRequest request) {
    return !request.isEnded() && Bodies.announced(request) > UNWANTED_MAX_BYTES;
  }

  /** A server that drains would wait for them as long as it may: nothing of theirs ever ends. */
  void endWebSockets() {
    for (HttpConnection connection : List.copyOf(timers.keySet())) {
      Channel channel = channel(connection);
      if (channel.pipeline().get(WebSocketFrameDecoder.class) != null) {
        // Past Vert.x, which would wait behind a close frame that may never be read.
        var _ = channel.pipeline().lastContext().close();
      }
    }
  }

  private static Channel channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  /** One that was read and waits for its answer, or has become a WebSocket, is left alone. */
  private static void endUnlessRead(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.connection().close();
    }
  }

  private void arm(HttpConnection connection, long ms) {
    replace(connection, vertx.setTimer(ms, fired -> connection.close()));
  }

  private void replace(HttpConnection connection, long timer) {
    Long before = timers.replace(connection, timer);
    vertx.cancelTimer(before == null ? timer : before); // a closed connection needs none
  }

  private void forget(HttpConnection connection) {
    Long timer = timers.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
