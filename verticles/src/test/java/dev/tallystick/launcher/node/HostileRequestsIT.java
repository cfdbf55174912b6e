package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.launcher.node.HostileRequests.Request;
import dev.tallystick.launcher.node.RawHttp.Answer;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent, the answer is one that the contract has, and it tells nothing of the inside.
 */
class HostileRequestsIT {

  private static final int REQUESTS = 10_000;
  private static final long SEED = 1;

  private static final Answer ENDED = new Answer(0, Map.of(), "");

  /** What may be answered before, or instead of, a route of the contract. */
  private static final Set<Integer> BEFORE_ROUTES =
      Set.of(400, 403, 404, 405, 413, 414, 415, 417, 421, 431);

  @Test
  void nothingThatIsSentBreaksAnything(@TempDir Path directory) throws Exception {
    try (ApiStage api = ApiStage.open(directory);
        RawHttp raw = new RawHttp(api.node.httpPort())) {
      ServedContract contract =
          ServedContract.of(api.node.vertx(), api.get("/openapi.json").body());
      HostileRequests requests = new HostileRequests(contract, SEED);
      TreeMap<Integer, Integer> statuses = new TreeMap<>();
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < REQUESTS && wrong.size() < 20; i++) {
        Request request = requests.next();
        try {
          Answer answer = ask(raw, request);
          statuses.merge(answer.status(), 1, Integer::sum);
          judge(request, answer);
        } catch (IOException | AssertionError e) {
          raw.reset();
          wrong.add("request %d of seed %d:%n%s%n%s".formatted(i, SEED, request, e));
        }
      }
      assertThat(wrong).isEmpty();
      System.out.println("hostile requests by status: " + statuses);
      assertThat(statuses.keySet()).contains(200, 400, 403, 404, 405, 414, 421, 431);
      assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static Answer ask(RawHttp raw, Request request) throws IOException {
    try {
      return raw.ask(request.bytes(), request.method().equals("HEAD"));
    } catch (EOFException e) {
      if (request.path().isEmpty()) {
        return ENDED; // the end of the connection is an answer to what is no request
      }
      throw e;
    } finally {
      if (request.path().isEmpty()) {
        raw.reset(); // such a one leaves rests behind
      }
    }
  }

  private static void judge(Request request, Answer answer) {
    if (answer.equals(ENDED)) {
      return;
    }
    String place = "→ %s".formatted(answer);
    if (request.toString().equals(HostileRequests.OTHER_VERSION)) {
      assertThat(answer.status()).as("Vert.x's own answer, before any of ours").isEqualTo(501);
      return;
    }
    if (!BEFORE_ROUTES.contains(answer.status()) && !isRedirect(answer)) {
      assertThat(request.statuses()).as(place).contains(answer.status());
    }
    if (!answer.body().contains("TOO_MANY_SCENARIOS")) { // a limit that these requests use up
      assertThat(answer.status()).as(place).isLessThan(500);
    }
    assertThat(answer.headers()).as(place).containsKey("x-content-type-options");
    assertThat(answer.body()).as(place).doesNotContain("at dev.").doesNotContain("Exception");
    if (answer.status() >= 400) {
      assertThat(answer.headers().get("content-type"))
          .as(place)
          .isEqualTo("application/problem+json");
      if (!request.method().equals("HEAD")) {
        assertThat(new JsonObject(answer.body()).getInteger("status"))
            .as(place)
            .isEqualTo(answer.status());
      }
    }
  }

  /** Dot segments lead out of a path: {@code /txns/..} is {@code /}. */
  private static boolean isRedirect(Answer answer) {
    return answer.status() == 302 && "/ui/".equals(answer.headers().get("location"));
  }
}
