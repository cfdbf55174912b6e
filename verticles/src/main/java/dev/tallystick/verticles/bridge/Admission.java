package dev.tallystick.verticles.bridge;

import dev.tallystick.verticles.http.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Who comes as far as the SockJS handler: only what a WebSocket needs, and not too many. A browser
 * does not apply the same-origin policy to WebSockets; {@link
 * dev.tallystick.verticles.http.SameOrigin} has, before this.
 */
final class Admission {

  private static final Pattern SOCKET = Pattern.compile("/eventbus/[^/.]+/[^/.]+/websocket");
  private static final String INFO = "/eventbus/info";
  private static final int RETRY_AFTER_SECONDS = 5;

  private final BooleanSupplier room;

  /**
   * @param room whether there may be one more socket
   */
  Admission(BooleanSupplier room) {
    this.room = room;
  }

  /** Answers what may not pass, and hands on the rest. */
  void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = request.path();
    boolean socket = SOCKET.matcher(path).matches();
    if (!HttpMethod.GET.equals(request.method()) || !(socket || INFO.equals(path))) {
      Problem.of(404, "NOT_FOUND", "There is nothing at this path.").send(context);
    } else if (socket && !room.getAsBoolean()) {
      Problem.of(503, "TOO_MANY_SOCKETS", "This node has as many sockets as it may have.")
          .retryAfter(RETRY_AFTER_SECONDS)
          .send(context);
    } else {
      context.next();
    }
  }
}
