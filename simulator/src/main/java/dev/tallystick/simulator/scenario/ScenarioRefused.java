package dev.tallystick.simulator.scenario;

import java.util.List;

/** A text that is no scenario, with everything that is wrong with it. */
public final class ScenarioRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean readable;
  private final transient List<Objection> objections;

  private ScenarioRefused(boolean readable, List<Objection> objections) {
    super(objections.getFirst().toString());
    this.readable = readable;
    this.objections = List.copyOf(objections);
  }

  /** It is not even JSON or YAML. */
  static ScenarioRefused unreadable(Objection why) {
    return new ScenarioRefused(false, List.of(why));
  }

  /** It can be read, but not be run. */
  static ScenarioRefused invalid(List<Objection> objections) {
    return new ScenarioRefused(true, objections);
  }

  /** It is JSON or YAML; what it says is wrong. */
  public boolean isReadable() {
    return readable;
  }

  /** At least one; the first is the message. */
  public List<Objection> objections() {
    return objections;
  }
}
