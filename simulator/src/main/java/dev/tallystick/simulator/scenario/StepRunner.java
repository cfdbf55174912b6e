package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does one step after the other against a node; blocks its thread, which is the run's own. */
final class StepRunner {

  private static final long PAUSE_FIRST_MS = 50;
  private static final long PAUSE_LAST_MS = 500;

  /** A question asked in time may be answered so much later. */
  private static final long ANSWER_GRACE_MS = 2_000;

  /** How long a node may ask to come again before a send is given up. */
  private static final long BUSY_MAX_MS = 15_000;

  private static final long RETRY_AFTER_MAX_MS = 5_000;

  private final Target target;
  private final String reconciliation;
  private final long endNs;
  private final long durationMaxMs;

  /**
   * @param durationMaxMs of the whole run from now on, milliseconds
   */
  StepRunner(Target target, String reconciliation, long durationMaxMs) {
    this.target = target;
    this.reconciliation = reconciliation;
    this.durationMaxMs = durationMaxMs;
    this.endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(durationMaxMs);
  }

  Outcome run(Step step) throws InterruptedException {
    if (leftMs(endNs) <= 0) {
      return tooLong(null);
    }
    return switch (step) {
      case Step.Send send -> send(send.event());
      case Step.SendRaw raw -> raw(raw);
      case Step.Wait wait -> pause(wait.ms());
      case Step.Expect expect -> expect(expect);
    };
  }

  private Outcome tooLong(@Nullable JsonNode actual) {
    return Outcome.error(actual, "the run took longer than " + durationMaxMs + " ms");
  }

  private Outcome pause(long ms) throws InterruptedException {
    if (ms > leftMs(endNs)) {
      return tooLong(null);
    }
    Thread.sleep(ms);
    return Outcome.passed(null);
  }

  private Outcome send(ObjectNode event) throws InterruptedException {
    long giveUpNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MAX_MS);
    while (true) {
      Target.Answer answer;
      try {
        answer = target.postEvent(event);
      } catch (IOException e) {
        return Outcome.error(null, "POST /events at " + target + " was not answered: " + e);
      }
      switch (answer.status()) {
        case 200, 202 -> {
          return Outcome.passed(coordinates(answer.body()));
        }
        case 409, 429, 503 -> {
          long pauseMs = Math.clamp(answer.retryAfterMs(), PAUSE_LAST_MS, RETRY_AFTER_MAX_MS);
          if (pauseMs >= leftMs(giveUpNs)) {
            return refused(answer);
          }
          Thread.sleep(pauseMs);
        }
        default -> {
          return refused(answer);
        }
      }
    }
  }

  /** Where the event went; null: the answer of a repetition need not say so. */
  private static @Nullable JsonNode coordinates(JsonNode body) {
    if (!(body.path("events").path(0) instanceof ObjectNode event)) {
      return null;
    }
    ObjectNode coordinates = event.deepCopy();
    coordinates.remove("index"); // in the array of the request, which has one event
    return coordinates;
  }

  /** A scenario whose event is refused is broken itself, or the node is closed to it. */
  private Outcome refused(Target.Answer answer) {
    JsonNode problem = answer.body().isObject() ? answer.body() : null;
    String reason =
        answer.status() == 401 || answer.status() == 403
            ? "POST /events was refused with %d: the node takes no events without a token"
                    .formatted(answer.status())
                + " (http.open-ingest: true allows it on a loopback address)"
            : "POST /events was refused with %d: %s".formatted(answer.status(), detail(problem));
    return Outcome.error(problem, reason);
  }

  private static String detail(@Nullable JsonNode problem) {
    if (problem == null) {
      return "no problem was given";
    }
    StringBuilder text = new StringBuilder(problem.path("code").asText());
    text.append(' ').append(problem.path("detail").asText());
    for (JsonNode error : problem.path("errors")) {
      text.append("; ").append(error.path("pointer").asText()).append(": ");
      text.append(error.path("value").asText()).append(' ').append(error.path("reason").asText());
    }
    return text.toString().strip();
  }

  private Outcome raw(Step.SendRaw raw) throws InterruptedException {
    String source = raw.source().toLowerCase(Locale.ROOT);
    String topic = target.topics().getOrDefault(reconciliation, Map.of()).get(source);
    if (topic == null) {
      return Outcome.error(null, reconciliation + " has no source " + source);
    }
    String key = raw.key();
    try {
      return Outcome.passed(
          target.sendRaw(
              topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), raw.value()));
    } catch (IOException e) {
      return Outcome.error(null, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Looks at once, then with growing pauses, and once more when the time is up; an answer may come
   * {@value #ANSWER_GRACE_MS} ms after it. The last answer decides; if there was none, nothing is
   * known about the verdict, and it is an error.
   */
  private Outcome expect(Step.Expect expect) throws InterruptedException {
    Expectation expectation = new Expectation(expect, reconciliation);
    long withinMs = Math.min(expect.withinMs(), leftMs(endNs));
    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
    long pauseMs = PAUSE_FIRST_MS;
    while (true) {
      boolean last = leftMs(untilNs) <= 0;
      Outcome seen = look(expect, expectation, Math.max(0, leftMs(untilNs)) + ANSWER_GRACE_MS);
      if (seen.status() == StepResult.Status.PASSED) {
        return seen;
      }
      if (last) {
        return withinMs < expect.withinMs() ? tooLong(seen.actual()) : seen;
      }
      Thread.sleep(Math.max(1, Math.min(pauseMs, leftMs(untilNs))));
      pauseMs = Math.min(PAUSE_LAST_MS, pauseMs + pauseMs / 2);
    }
  }

  private Outcome look(Step.Expect expect, Expectation expectation, long limitMs)
      throws InterruptedException {
    String route = expect.mismatch() == null ? "txns" : "transactions";
    try {
      Target.Answer answer = target.transaction(route, expect.txnId(), reconciliation, limitMs);
      return switch (answer.status()) {
        case 200 -> expectation.compare(answer.body());
        case 404 -> expectation.unknown();
        default ->
            Outcome.error(
                answer.body().isObject() ? answer.body() : null,
                "GET /%s answered %d: %s".formatted(route, answer.status(), detail(answer.body())));
      };
    } catch (IOException e) {
      return Outcome.error(
          JsonNodeFactory.instance.nullNode(), "GET /" + route + " was not answered: " + e);
    }
  }

  private static long leftMs(long untilNs) {
    return TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime());
  }
}
