package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.simulator.scenario.Scenario.PartStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One run of a scenario, seen from any thread while it goes on. */
public final class ScenarioRun {

  /** How far it is. */
  public enum Status {
    RUNNING,
    /** Everything was as expected. */
    PASSED,
    /** Some expectation did not hold. */
    FAILED,
    /** Some step could not be done, or the run was stopped. */
    ERROR
  }

  private final String id;
  private final Scenario scenario;
  private final Instant startedAt;
  private final List<StepResult> steps = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private Status status = Status.RUNNING;
  private @Nullable Instant endedAt;

  /**
   * @param scenario as written; its steps are told with the run's id in them
   */
  ScenarioRun(String id, Scenario scenario, Instant startedAt) {
    this.id = id;
    this.scenario = scenario.forRun(id);
    this.startedAt = startedAt;
    boolean parts = scenario.hasParts();
    for (PartStep each : this.scenario.steps()) {
      steps.add(StepResult.pending(steps.size(), parts ? each.part() : null, each.step()));
    }
  }

  /** What {@value Scenario#RUN} became. */
  public String id() {
    return id;
  }

  public String name() {
    return scenario.name();
  }

  Scenario scenario() {
    return scenario;
  }

  public synchronized Status status() {
    return status;
  }

  /** A snapshot. */
  public synchronized List<StepResult> steps() {
    return List.copyOf(steps);
  }

  /** Waits until it is over. */
  public void await() throws InterruptedException {
    over.await();
  }

  synchronized void begin(int index, Instant now) {
    steps.set(index, steps.get(index).begun(now));
  }

  synchronized StepResult end(int index, Outcome outcome, long tookMs) {
    StepResult ended = steps.get(index).ended(outcome, tookMs);
    steps.set(index, ended);
    return ended;
  }

  /** What is still PENDING stays so: it was not done, because a step before it failed. */
  synchronized void end(Instant now) {
    endedAt = now;
    Status worst = Status.PASSED;
    boolean complete = true;
    for (StepResult step : steps) {
      complete &= step.status() != StepResult.Status.PENDING;
      worst =
          switch (step.status()) {
            case PASSED, PENDING -> worst;
            case FAILED -> worst == Status.ERROR ? worst : Status.FAILED;
            case RUNNING, ERROR -> Status.ERROR;
          };
    }
    status = worst == Status.PASSED && !complete ? Status.ERROR : worst;
    over.countDown();
  }

  /** The object of {@code GET /test/scenarios/{id}}. */
  public synchronized ObjectNode toJson() {
    ObjectNode json = head();
    ArrayNode list = json.putArray("steps");
    steps.forEach(step -> list.add(step.toJson()));
    return json;
  }

  /** The object of the list: counts instead of steps. */
  public synchronized ObjectNode summary() {
    return head()
        .put("steps_total", steps.size())
        .put("steps_over", steps.stream().filter(StepResult::isOver).count());
  }

  private ObjectNode head() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("name", scenario.name())
        .put("reconciliation", scenario.reconciliation())
        .put("status", status.name())
        .put("started_at", StepResult.time(startedAt))
        .put("ended_at", StepResult.time(endedAt));
  }
}
