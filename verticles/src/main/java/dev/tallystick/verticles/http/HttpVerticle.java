package dev.tallystick.verticles.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: what a request may cost, what every answer carries, and how a request that no
 * route answers ends. The routes themselves are mounted.
 *
 * <p>A route of method GET answers HEAD as well. A route that cannot answer fails the request, with
 * a {@link Refusal} for what is expected and with the failure itself for what is not.
 */
public final class HttpVerticle extends VerticleBase {

  /** A request line of this many bytes is the longest that is read; beyond it: 414. */
  static final int REQUEST_LINE_MAX = 4_096;

  /** All headers together, in bytes; beyond it: 431. */
  static final int HEADERS_MAX = 8_192;

  /** A browser subscribes and pings over its WebSocket; nothing that it may say is longer. */
  static final int WEB_SOCKET_MESSAGE_MAX = 8_192;

  /** Open connections; one more is closed at once. */
  static final int CONNECTIONS_MAX = 4_000;

  private static final int IDLE_SECONDS = 60;

  /** What has been begun when the node stops has so long to be answered. */
  private static final long DRAIN_MAX_MS = 3_000;

  /** Those that a router answers by itself, without a failed handler. */
  private static final List<Integer> UNANSWERED = List.of(400, 404, 405, 406, 415, 500);

  private final String host;
  private final int port;
  private final List<Consumer<Router>> mounts;
  private final int connectionsMax;
  private final boolean loopback;
  private @Nullable HttpServer server;
  private @Nullable SlowClients slowClients;
  private int actualPort;

  /**
   * @param port 0: a free one
   * @param mounts each adds its routes, in this order, while the server starts, on its event loop
   */
  public HttpVerticle(String host, int port, List<Consumer<Router>> mounts) {
    this(host, port, mounts, CONNECTIONS_MAX);
  }

  HttpVerticle(String host, int port, List<Consumer<Router>> mounts, int connectionsMax) {
    this.host = host;
    this.port = port;
    this.mounts = List.copyOf(mounts);
    this.connectionsMax = connectionsMax;
    this.loopback = LoopbackNames.isLoopback(host);
  }

  /** The port that was opened. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    SlowClients clients = new SlowClients(vertx, connectionsMax);
    Router router = router(clients);
    slowClients = clients;
    HttpServer opening =
        vertx
            .createHttpServer(options())
            .connectionHandler(clients::connected)
            .invalidRequestHandler(HttpVerticle::refuseUnreadable)
            .requestHandler(
                request -> {
                  clients.requested(request);
                  router.handle(request);
                });
    server = opening;
    return opening.listen().onSuccess((HttpServer open) -> actualPort = open.actualPort());
  }

  /**
   * Takes no more, and answers what has been begun: somebody whose events Kafka has must hear of
   * it.
   */
  @Override
  public Future<?> stop() {
    HttpServer open = server;
    if (open == null) {
      return Future.succeededFuture();
    }
    Future<?> drained = open.shutdown(DRAIN_MAX_MS, TimeUnit.MILLISECONDS);
    if (slowClients != null) {
      slowClients.endWebSockets();
    }
    return drained;
  }

  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    options.setHost(host).setPort(port);
    options.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    return options
        .setMaxInitialLineLength(REQUEST_LINE_MAX)
        .setMaxHeaderSize(HEADERS_MAX)
        .setMaxWebSocketFrameSize(WEB_SOCKET_MESSAGE_MAX)
        .setMaxWebSocketMessageSize(WEB_SOCKET_MESSAGE_MAX)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setHttp2ClearTextEnabled(false);
  }

  private Router router(SlowClients clients) {
    Router router = Router.router(vertx);
    router.route().failureHandler(Failures::answer);
    router.route().handler(request -> begin(request, clients));
    if (loopback) {
      router.route().handler(LoopbackNames::only);
    }
    router.route().handler(SameOrigin::onlyForChanges);
    for (Consumer<Router> mount : mounts) {
      mount.accept(router);
    }
    for (Route route : router.getRoutes()) {
      if (route.methods() != null && route.methods().contains(HttpMethod.GET)) {
        route.method(HttpMethod.HEAD);
      }
    }
    AllowedMethods allowed = new AllowedMethods(router.getRoutes());
    for (int status : UNANSWERED) {
      router.errorHandler(status, request -> unanswered(request, status, allowed));
    }
    return router;
  }

  private static void begin(RoutingContext request, SlowClients clients) {
    SecurityHeaders.put(request.response());
    request.addEndHandler(over -> clients.answered(request.request()));
    request.addHeadersEndHandler(
        headers -> {
          if (SlowClients.isUnwanted(request.request())) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
          }
        });
    request.next();
  }

  private static void unanswered(RoutingContext request, int status, AllowedMethods allowed) {
    SecurityHeaders.put(request.response());
    if (status == 405) {
      String methods = allowed.at(request.normalizedPath());
      request.response().putHeader(HttpHeaders.ALLOW, methods);
    }
    Failures.answer(request, status);
  }

  /** A request that could not be parsed never reaches the router. */
  private static void refuseUnreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        switch (cause) {
          case TooLongHttpLineException line -> 414;
          case TooLongHttpHeaderException headers -> 431;
          case null, default -> 400;
        };
    HttpServerResponse response = request.response();
    SecurityHeaders.put(response);
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Failures.problem(status, null).send(response);
    request.connection().close();
  }
}
