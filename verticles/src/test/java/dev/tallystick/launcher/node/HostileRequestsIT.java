package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tallystick.launcher.node.HostileRequests.Request;
import dev.tallystick.launcher.node.RawHttp.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent, the answer is one that the contract has, and it tells nothing of the inside. */
class HostileRequestsIT {

  private static final int REQUESTS = 10_000;
  private static final long SEED = 1;

  /** What may be answered before, or instead of, a route of the contract. */
  private static final Set<Integer> BEFORE_ROUTES = Set.of(400, 404, 405, 413, 414, 417, 431);

  @Test
  void nothingThatIsSentBreaksAnything(@TempDir Path directory) throws Exception {
    try (ApiStage api = ApiStage.open(directory);
        RawHttp raw = new RawHttp(api.node.httpPort())) {
      ServedContract contract =
          ServedContract.of(api.node.vertx(), api.get("/openapi.json").body());
      HostileRequests requests = new HostileRequests(contract, SEED);
      TreeMap<Integer, Integer> statuses = new TreeMap<>();
      for (int i = 0; i < REQUESTS; i++) {
        Request request = requests.next();
        Answer answer = ask(raw, i, request);
        judge(i, request, answer);
        statuses.merge(answer.status(), 1, Integer::sum);
      }
      System.out.println("hostile requests by status: " + statuses);
      assertThat(statuses.keySet()).contains(200, 400, 404, 405, 414, 431);
      assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static Answer ask(RawHttp raw, int number, Request request) {
    try {
      Answer answer = raw.ask(request.bytes(), request.method().equals("HEAD"));
      if (request.path().isEmpty() || answer.status() == 413) {
        raw.close(); // what was no request leaves rests behind
      }
      return answer;
    } catch (IOException e) {
      return fail("request %d of seed %d: %s%n%s".formatted(number, SEED, e, request));
    }
  }

  private static void judge(int number, Request request, Answer answer) {
    String place = "request %d of seed %d:%n%s%n→ %s".formatted(number, SEED, request, answer);
    if (!BEFORE_ROUTES.contains(answer.status()) && !isRedirect(answer)) {
      assertThat(request.statuses()).as(place).contains(answer.status());
    }
    assertThat(answer.status()).as(place).isLessThan(500);
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
