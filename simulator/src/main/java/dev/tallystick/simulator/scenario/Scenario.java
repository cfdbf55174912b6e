package dev.tallystick.simulator.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * A scenario (contracts, section 7): immutable and checked.
 *
 * @param reconciliation whose verdicts are expected
 * @param steps 1 to {@value #STEPS_MAX}, done one after the other
 */
public record Scenario(String name, String reconciliation, List<PartStep> steps) {

  /** Steps of one scenario. */
  public static final int STEPS_MAX = 1_000;

  /** Longest {@code wait_ms}, milliseconds. */
  public static final long WAIT_MAX_MS = 600_000;

  /** Longest {@code within_ms}, milliseconds. */
  public static final long WITHIN_MAX_MS = 600_000;

  /** {@code within_ms} where none is given, milliseconds. */
  public static final long WITHIN_DEFAULT_MS = 10_000;

  /** No run takes longer, milliseconds. */
  public static final long DURATION_MAX_MS = 900_000;

  /** Largest {@code send_raw}, bytes. */
  public static final int RAW_MAX_BYTES = 1 << 20;

  /** In any text of a step: becomes the id of the run. */
  public static final String RUN = "${run}";

  /**
   * A step and the part it belongs to. When a step does not hold, the rest of its part is not done;
   * other parts are.
   *
   * @param part name of the scenario it was written in
   */
  public record PartStep(String part, Step step) {}

  public Scenario {
    steps = List.copyOf(steps);
  }

  /**
   * Reads JSON.
   *
   * @throws ScenarioRefused with every place and value that is wrong
   */
  public static Scenario ofJson(byte[] text) throws ScenarioRefused {
    return ScenarioReader.read(JsonDocument.read(text));
  }

  /**
   * Reads YAML that says the same.
   *
   * @throws ScenarioRefused with every place and value that is wrong
   */
  public static Scenario ofYaml(byte[] text) throws ScenarioRefused {
    return ScenarioReader.read(YamlDocument.read(text));
  }

  /** Whether it was put together from several. */
  boolean hasParts() {
    return steps.stream().map(PartStep::part).distinct().count() > 1;
  }

  /** The same with {@value #RUN} replaced everywhere in its steps. */
  Scenario forRun(String runId) {
    RunText text = new RunText(runId);
    List<PartStep> own = new ArrayList<>();
    for (PartStep each : steps) {
      own.add(new PartStep(each.part(), text.in(each.step())));
    }
    return new Scenario(name, reconciliation, own);
  }
}
