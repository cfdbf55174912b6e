package dev.tallystick.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a client is told when its request cannot be answered as it wished. */
class ProblemTest {

  @Test
  void hasOneShape() {
    assertThat(
            Problem.of(422, "BAD_VALUE", "An event is invalid.")
                .error("/amount", 12.5, "is not a whole number")
                .toJson())
        .isEqualTo(
            new JsonObject(
                """
                {"type": "urn:tallystick:error:BAD_VALUE", "title": "Bad value", "status": 422,
                 "detail": "An event is invalid.", "code": "BAD_VALUE",
                 "errors": [{"pointer": "/amount", "value": 12.5,
                             "reason": "is not a whole number"}]}
                """));
  }

  @Test
  void doesNotGrowWithWhatWasSent() {
    Problem problem = Problem.of(400, "BAD_PARAMETER", "A parameter cannot be accepted.");
    String wide = "x".repeat(198) + "😀".repeat(10);
    for (int i = 0; i < 150; i++) {
      problem.error("?" + "n".repeat(300), wide, "is too long");
    }

    JsonArray errors = problem.toJson().getJsonArray("errors");
    assertThat(errors).hasSize(Problem.ERRORS_MAX);
    assertThat(errors.getJsonObject(0).getString("value"))
        .as("no half of a character")
        .isEqualTo("x".repeat(198) + "…");
    assertThat(errors.getJsonObject(0).getString("pointer")).hasSize(Problem.VALUE_MAX);
    assertThat(problem.toJson().getString("detail")).endsWith(" 50 more errors are not listed.");
  }

  @Test
  void aServerThatIsAwayIsNotOurBug() {
    assertThat(status(new ConnectException("refused"))).isEqualTo(503);
    assertThat(status(new TimeoutException())).isEqualTo(503);
    assertThat(status(new PgException("shutting down", "FATAL", "57P01", null))).isEqualTo(503);
    assertThat(status(VertxException.noStackTrace("Connection is closed"))).isEqualTo(503);

    assertThat(status(new PgException("no such column", "ERROR", "42703", null))).isEqualTo(500);
    assertThat(status(new IllegalStateException())).isEqualTo(500);
  }

  private static int status(Throwable failure) {
    return Failures.problem(500, failure).status();
  }
}
