package dev.tallystick.verticles.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics}. Kafka and PostgreSQL decide
 * readiness; what the engine can do without only shows as degraded.
 */
public final class HealthVerticle extends VerticleBase {

  /**
   * One thing to ask.
   *
   * @param decides whether its failure makes the node not ready
   * @param probe fails when the thing is not there
   */
  public record Check(String id, boolean decides, Supplier<Future<?>> probe) {}

  private static final long PROBE_MAX_MS = 2_000;
  private static final int REQUEST_LINE_MAX = 4_096;
  private static final int HEADERS_MAX = 8_192;
  private static final int IDLE_SECONDS = 60;

  private final String host;
  private final int port;
  private final List<Check> checks;
  private final PrometheusMeterRegistry registry;
  private int actualPort;

  /**
   * @param port 0: a free one
   */
  public HealthVerticle(
      String host, int port, List<Check> checks, PrometheusMeterRegistry registry) {
    this.host = host;
    this.port = port;
    this.checks = List.copyOf(checks);
    this.registry = registry;
  }

  /** The port that was opened. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    router.get("/health/live").handler(request -> answer(request, 200, status("UP")));
    router.get("/health/ready").handler(this::ready);
    router
        .get("/metrics")
        .handler(
            request ->
                request
                    .response()
                    .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(registry.scrape()));
    router
        .route()
        .last()
        .handler(request -> problem(request, 404, "NOT_FOUND", "There is nothing at this path."));
    router.errorHandler(
        405,
        request -> problem(request, 405, "METHOD_NOT_ALLOWED", "This path takes another method."));
    router.errorHandler(
        500, request -> problem(request, 500, "INTERNAL", "The request failed; the log says why."));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxInitialLineLength(REQUEST_LINE_MAX)
                .setMaxHeaderSize(HEADERS_MAX)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS))
        .requestHandler(router)
        .listen()
        .onSuccess((HttpServer server) -> actualPort = server.actualPort());
  }

  private void ready(RoutingContext request) {
    List<Future<JsonObject>> results = new ArrayList<>();
    for (Check check : checks) {
      results.add(run(check));
    }
    Future.all(results)
        .onSuccess(
            all -> {
              boolean up = true;
              JsonArray list = new JsonArray();
              for (int i = 0; i < checks.size(); i++) {
                JsonObject result = all.resultAt(i);
                up &= !checks.get(i).decides() || "UP".equals(result.getString("status"));
                list.add(result);
              }
              answer(request, up ? 200 : 503, status(up ? "UP" : "DOWN").put("checks", list));
            });
  }

  private Future<JsonObject> run(Check check) {
    return check
        .probe()
        .get()
        .timeout(PROBE_MAX_MS, TimeUnit.MILLISECONDS)
        .map(fine -> new JsonObject().put("id", check.id()).put("status", "UP"))
        .otherwise(
            failure -> {
              JsonObject down = new JsonObject().put("id", check.id()).put("status", "DOWN");
              return check.decides() ? down : down.put("degraded", true);
            });
  }

  private static JsonObject status(String status) {
    return new JsonObject().put("status", status);
  }

  private static void answer(RoutingContext request, int code, JsonObject body) {
    request
        .response()
        .setStatusCode(code)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(body.encode());
  }

  private static void problem(RoutingContext request, int code, String name, String detail) {
    request
        .response()
        .setStatusCode(code)
        .putHeader("content-type", "application/problem+json")
        .end(
            new JsonObject()
                .put("type", "urn:tallystick:error:" + name)
                .put("title", name)
                .put("status", code)
                .put("detail", detail)
                .put("code", name)
                .put("errors", new JsonArray())
                .encode());
  }
}
