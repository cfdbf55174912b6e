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
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

  /** A body, in bytes; beyond it: 413. */
  static final int BODY_MAX = 4 << 20;

  /** A browser subscribes and pings over its WebSocket; nothing that it may say is longer. */
  static final int WEB_SOCKET_MESSAGE_MAX = 8_192;

  private static final int IDLE_SECONDS = 60;
  private static final String MULTIPART = "multipart/";
  private static final String URL_ENCODED = "application/x-www-form-urlencoded";

  /** Those that a router answers by itself, without a failed handler. */
  private static final List<Integer> UNANSWERED = List.of(400, 404, 405, 406, 415, 500);

  private final String host;
  private final int port;
  private final List<Consumer<Router>> mounts;
  private int actualPort;

  /**
   * @param port 0: a free one
   * @param mounts each adds its routes, in this order, while the server starts, on its event loop
   */
  public HttpVerticle(String host, int port, List<Consumer<Router>> mounts) {
    this.host = host;
    this.port = port;
    this.mounts = List.copyOf(mounts);
  }

  /** The port that was opened. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    Router router = router();
    SlowClients slowClients = new SlowClients(vertx);
    return vertx
        .createHttpServer(options())
        .connectionHandler(slowClients::connected)
        .invalidRequestHandler(HttpVerticle::refuseUnreadable)
        .requestHandler(
            request -> {
              slowClients.requested(request);
              router.handle(request);
            })
        .listen()
        .onSuccess((HttpServer server) -> actualPort = server.actualPort());
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

  private Router router() {
    Router router = Router.router(vertx);
    router.route().failureHandler(Failures::answer);
    router.route().handler(HttpVerticle::addHeaders);
    router.route().handler(HttpVerticle::refuseForms);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_MAX));
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

  private static void addHeaders(RoutingContext request) {
    SecurityHeaders.put(request.response());
    request.next();
  }

  /**
   * No form is read here, and the reader of bodies would take one apart: it fails on a GET with a
   * form, and on a JSON text that is called one.
   */
  private static void refuseForms(RoutingContext request) {
    String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    boolean form =
        type != null
            && (type.regionMatches(true, 0, MULTIPART, 0, MULTIPART.length())
                || type.regionMatches(true, 0, URL_ENCODED, 0, URL_ENCODED.length()));
    if (form && hasBody(request.request())) {
      request.fail(415);
    } else {
      request.next();
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
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
