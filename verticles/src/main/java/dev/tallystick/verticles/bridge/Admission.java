package dev.tallystick.verticles.bridge;

import dev.tallystick.verticles.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Who comes as far as the SockJS handler: only what a WebSocket needs, only pages of our own host,
 * and not too many. A browser does not apply the same-origin policy to WebSockets, so we do.
 */
final class Admission {

  private static final Pattern SOCKET = Pattern.compile("/eventbus/[^/.]+/[^/.]+/websocket");
  private static final String INFO = "/eventbus/info";
  private static final Pattern SCHEME = Pattern.compile("^https?://");
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
    } else if (!isSameOrigin(request)) {
      Problem.of(403, "FOREIGN_ORIGIN", "Only pages of this host may connect.").send(context);
    } else if (socket && !room.getAsBoolean()) {
      Problem.of(503, "TOO_MANY_SOCKETS", "This node has as many sockets as it may have.")
          .retryAfter(RETRY_AFTER_SECONDS)
          .send(context);
    } else {
      context.next();
    }
  }

  /** No origin: not a page in a browser. */
  private static boolean isSameOrigin(HttpServerRequest request) {
    List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
    if (origins.isEmpty()) {
      return true;
    }
    HostAndPort host = request.authority(); // Host, or :authority of HTTP/2
    if (origins.size() > 1 || host == null) {
      return false;
    }
    String origin = origins.getFirst().toLowerCase(Locale.ROOT);
    return SCHEME.matcher(origin).find()
        && SCHEME.matcher(origin).replaceFirst("").equals(host.toString().toLowerCase(Locale.ROOT));
  }
}
