package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.Report;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All reconciliations side by side: who takes an event, and who keeps a topic. */
final class Rulebooks {

  private final Map<String, Oracle> oracles = new TreeMap<>();
  private final Map<String, List<Definition>> versions;

  Rulebooks(List<Definition> definitions) {
    versions =
        definitions.stream()
            .collect(Collectors.groupingBy(Definition::name, TreeMap::new, Collectors.toList()));
    versions.forEach((name, all) -> oracles.put(name, new Oracle(all)));
  }

  Oracle oracle(String reconciliation) {
    Oracle oracle = oracles.get(reconciliation);
    if (oracle == null) {
      throw new IllegalStateException("no stored definition of reconciliation " + reconciliation);
    }
    return oracle;
  }

  /** Membership is decided per record, by the version in force at its own timestamp. */
  boolean takes(String reconciliation, Report report) {
    return report.source().equals(Definition.OPERATOR)
        || oracle(reconciliation).at(report.recordedAtMs()).where().test(report.fields());
  }

  boolean anyoneTakes(Report report) {
    return versions.keySet().stream()
        .anyMatch(name -> reads(name, report.topic()) && takes(name, report));
  }

  /** The first reconciliation by name that reads the topic. */
  String keeper(String topic) {
    return versions.keySet().stream()
        .filter(name -> reads(name, topic))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no reconciliation reads topic " + topic));
  }

  Map<String, String> mapping(String reconciliation, String source) {
    Definition.@Nullable Source found = oracle(reconciliation).at(Long.MAX_VALUE).source(source);
    return found == null ? Map.of() : found.mapping();
  }

  private boolean reads(String reconciliation, String topic) {
    return versions.getOrDefault(reconciliation, List.of()).stream()
        .anyMatch(
            version ->
                version.commandsTopic().equals(topic)
                    || version.sources().stream().anyMatch(s -> s.topic().equals(topic)));
  }
}
