package dev.tallystick.verticles.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.verticles.health.HealthRoutes.Check;
import dev.tallystick.verticles.http.HttpVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What asking for readiness costs the servers. */
class HealthRoutesTest {

  private static final int CALLERS = 20;

  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger probes = new AtomicInteger();
  private final Promise<Void> probed = Promise.promise();

  @Test
  void whoeverAsksAtTheSameTimeIsAnsweredByOneRunOfTheChecks() throws Exception {
    Vertx vertx = Vertx.vertx();
    HealthRoutes routes =
        new HealthRoutes(
            List.of(
                new Check(
                    "kafka",
                    true,
                    () -> {
                      probes.incrementAndGet();
                      return probed.future();
                    })),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    HttpVerticle http =
        new HttpVerticle(
            "127.0.0.1",
            0,
            List.of(
                router ->
                    router
                        .route()
                        .handler(
                            request -> {
                              arrived.incrementAndGet();
                              request.next();
                            }),
                routes::mount));
    try (HttpClient client = HttpClient.newHttpClient()) {
      vertx
          .deployVerticle(http)
          .toCompletionStage()
          .toCompletableFuture()
          .get(15, TimeUnit.SECONDS);
      HttpRequest ready =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + http.actualPort() + "/health/ready"))
              .build();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        answers.add(client.sendAsync(ready, HttpResponse.BodyHandlers.ofString()));
      }
      await().until(() -> arrived.get() == CALLERS);
      probed.complete();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(15, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(probes.get()).isEqualTo(1);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }
  }
}
