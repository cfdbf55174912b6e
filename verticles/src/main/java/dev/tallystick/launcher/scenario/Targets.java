package dev.tallystick.launcher.scenario;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.simulator.scenario.RunIds;
import dev.tallystick.simulator.scenario.ScenarioRunner;
import dev.tallystick.simulator.scenario.Target;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runners for a node, from what the launcher knows about it. */
public final class Targets {

  private Targets() {}

  /**
   * A runner that talks to that node.
   *
   * @param http base address of the node
   * @param kafka client properties; {@code bootstrap.servers} among them
   * @param definitions which sources there are, and their topics
   */
  public static ScenarioRunner runner(
      URI http, Map<String, Object> kafka, List<Reconciliation> definitions) {
    return new ScenarioRunner(
        new Target(http, kafka, topics(definitions)),
        new RunIds(new SecureRandom()),
        InstantSource.system());
  }

  private static Map<String, Map<String, String>> topics(List<Reconciliation> definitions) {
    Map<String, Map<String, String>> topics = new TreeMap<>();
    for (Reconciliation definition : definitions) {
      Map<String, String> own = new TreeMap<>();
      for (SourceRule source : definition.sources()) {
        own.put(source.name(), source.topic());
      }
      topics.put(definition.name(), own);
    }
    return topics;
  }
}
