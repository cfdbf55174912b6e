package dev.tallystick.simulator.scenario;

import dev.tallystick.simulator.scenario.Scenario.PartStep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scenarios against one node, each on a virtual thread of its own, and remembers the newest.
 * Usable on any thread; starting a run does not wait for it.
 */
public final class ScenarioRunner implements AutoCloseable {

  /** Runs at the same time. */
  public static final int RUNNING_MAX = 8;

  /** Runs that are remembered; older ones that are over are forgotten. */
  public static final int KEPT_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ScenarioRunner.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final String STOPPED = "stopped before it was over";

  private final Target target;
  private final Supplier<String> runIds;
  private final InstantSource clock;
  private final long durationMaxMs;

  /** By id, the oldest first. */
  private final List<ScenarioRun> kept = new ArrayList<>();

  private final Map<String, Thread> running = new HashMap<>();
  private boolean closed;

  /**
   * @param target closed with the runner
   * @param runIds an id that is taken already is asked for again
   */
  public ScenarioRunner(Target target, Supplier<String> runIds, InstantSource clock) {
    this(target, runIds, clock, Scenario.DURATION_MAX_MS);
  }

  ScenarioRunner(Target target, Supplier<String> runIds, InstantSource clock, long durationMaxMs) {
    this.target = target;
    this.runIds = runIds;
    this.clock = clock;
    this.durationMaxMs = durationMaxMs;
  }

  /** Starts a run; empty: {@value #RUNNING_MAX} are running already, or the runner is closed. */
  public Optional<ScenarioRun> submit(Scenario scenario) throws ScenarioRefused {
    return submit(scenario, step -> {});
  }

  /**
   * Starts a run.
   *
   * @param ended told of every step that has ended, in order, on the run's thread
   * @return empty: {@value #RUNNING_MAX} are running already, or the runner is closed
   * @throws ScenarioRefused it names a reconciliation or a source that the node does not have
   */
  public Optional<ScenarioRun> submit(Scenario scenario, Consumer<StepResult> ended)
      throws ScenarioRefused {
    checkNames(scenario);
    synchronized (this) {
      if (closed || running.size() >= RUNNING_MAX) {
        return Optional.empty();
      }
      ScenarioRun run = new ScenarioRun(freeId(), scenario, clock.instant());
      kept.add(run);
      forgetOld();
      Thread thread =
          Thread.ofVirtual().name("scenario-" + run.id()).unstarted(() -> run(run, ended));
      running.put(run.id(), thread);
      thread.start();
      return Optional.of(run);
    }
  }

  private String freeId() {
    String id = runIds.get();
    while (known(id) != null) {
      id = runIds.get();
    }
    return id;
  }

  private @Nullable ScenarioRun known(String id) {
    return kept.stream().filter(run -> run.id().equals(id)).findFirst().orElse(null);
  }

  private void forgetOld() {
    for (int i = 0; i < kept.size() && kept.size() > KEPT_MAX; ) {
      if (running.containsKey(kept.get(i).id())) {
        i++;
      } else {
        kept.remove(i);
      }
    }
  }

  private void checkNames(Scenario scenario) throws ScenarioRefused {
    Map<String, String> topics = target.topics().get(scenario.reconciliation());
    if (topics == null) {
      throw ScenarioRefused.invalid(
          List.of(
              Objection.at(
                  "/reconciliation",
                  "",
                  scenario.reconciliation(),
                  "is unknown; known: " + sorted(target.topics().keySet()))));
    }
    List<Objection> objections = new ArrayList<>();
    for (int i = 0; i < scenario.steps().size(); i++) {
      if (scenario.steps().get(i).step() instanceof Step.SendRaw raw
          && !topics.containsKey(raw.source().toLowerCase(Locale.ROOT))) {
        objections.add(
            Objection.at(
                "/steps/" + i + "/send_raw/source",
                "",
                raw.source(),
                "is unknown; known: " + sorted(topics.keySet())));
      }
    }
    if (!objections.isEmpty()) {
      throw ScenarioRefused.invalid(objections);
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  /** The run of that id; empty: there is none, or it is forgotten. */
  public synchronized Optional<ScenarioRun> find(String id) {
    return Optional.ofNullable(known(id));
  }

  /** All that are remembered, the newest first. */
  public synchronized List<ScenarioRun> runs() {
    return List.copyOf(kept.reversed());
  }

  private void run(ScenarioRun run, Consumer<StepResult> ended) {
    try {
      steps(run, ended);
    } catch (RuntimeException e) {
      LOG.error("scenario {} ({}) broke", run.id(), run.name(), e);
    } finally {
      synchronized (this) {
        running.remove(run.id());
      }
      run.end(clock.instant());
      LOG.info("scenario {} ({}): {}", run.id(), run.name(), run.status());
    }
  }

  private void steps(ScenarioRun run, Consumer<StepResult> ended) {
    StepRunner runner = new StepRunner(target, run.scenario().reconciliation(), durationMaxMs);
    Set<String> broken = new HashSet<>();
    List<PartStep> steps = run.scenario().steps();
    for (int i = 0; i < steps.size(); i++) {
      PartStep each = steps.get(i);
      if (broken.contains(each.part())) {
        continue;
      }
      run.begin(i, clock.instant());
      long beginNs = System.nanoTime();
      boolean stopped = false;
      Outcome outcome;
      try {
        outcome = runner.run(each.step());
      } catch (InterruptedException e) {
        stopped = true;
        outcome = Outcome.error(null, STOPPED);
      }
      StepResult result =
          run.end(i, outcome, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs));
      ended.accept(result);
      if (stopped) {
        return;
      }
      if (result.status() != StepResult.Status.PASSED) {
        broken.add(each.part());
      }
    }
  }

  /** Stops what runs, which ends as an error, and closes the target. */
  @Override
  public void close() {
    List<Thread> stopping;
    synchronized (this) {
      closed = true;
      stopping = List.copyOf(running.values());
    }
    stopping.forEach(Thread::interrupt);
    try {
      for (Thread thread : stopping) {
        thread.join(CLOSE_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    target.close();
  }
}
