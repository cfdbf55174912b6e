package dev.tallystick.verticles.health;

import dev.tallystick.verticles.http.SingleFlight;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
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
public final class HealthRoutes {

  /**
   * One thing to ask.
   *
   * @param decides whether its failure makes the node not ready
   * @param probe fails when the thing is not there
   */
  public record Check(String id, boolean decides, Supplier<Future<?>> probe) {}

  private static final long PROBE_MAX_MS = 2_000;

  private final List<Check> checks;
  private final PrometheusMeterRegistry registry;

  /** However many ask at once, the servers are asked once. */
  private final SingleFlight<String, JsonObject> asking = new SingleFlight<>();

  public HealthRoutes(List<Check> checks, PrometheusMeterRegistry registry) {
    this.checks = List.copyOf(checks);
    this.registry = registry;
  }

  /** Adds the routes. */
  public void mount(Router router) {
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
  }

  private void ready(RoutingContext request) {
    asking
        .ask("ready", this::runAll)
        .onSuccess(body -> answer(request, "UP".equals(body.getString("status")) ? 200 : 503, body))
        .onFailure(request::fail);
  }

  private Future<JsonObject> runAll() {
    List<Future<JsonObject>> results = new ArrayList<>();
    for (Check check : checks) {
      results.add(run(check));
    }
    return Future.all(results)
        .map(
            all -> {
              boolean up = true;
              JsonArray list = new JsonArray();
              for (int i = 0; i < checks.size(); i++) {
                JsonObject result = all.resultAt(i);
                up &= !checks.get(i).decides() || "UP".equals(result.getString("status"));
                list.add(result);
              }
              return status(up ? "UP" : "DOWN").put("checks", list);
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
        .end(body.encode());
  }
}
