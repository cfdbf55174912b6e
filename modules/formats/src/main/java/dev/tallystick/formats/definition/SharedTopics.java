package dev.tallystick.formats.definition;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reconciliations that share a topic must read it alike: it has one number of partitions, and its
 * keeper answers for records that are nobody's. Were a record good for one and refused by another,
 * it would be in nobody's books.
 */
final class SharedTopics {

  private record Reader(Reconciliation definition, SourceRule source) {}

  private SharedTopics() {}

  static void check(Path directory, List<Reconciliation> definitions) {
    Map<String, Reader> firstOf = new HashMap<>();
    for (Reconciliation definition : definitions) {
      for (SourceRule source : definition.sources()) {
        Reader second = new Reader(definition, source);
        Reader first = firstOf.putIfAbsent(source.topic(), second);
        if (first != null) {
          compare(directory, first, second);
        }
      }
    }
  }

  private static void compare(Path directory, Reader a, Reader b) {
    check(directory, a, b, "partitions", a.definition.partitions(), b.definition.partitions());
    check(directory, a, b, "the source's name", a.source.name(), b.source.name());
    check(directory, a, b, "format", a.source.format(), b.source.format());
    check(directory, a, b, "mapping", a.source.mapping(), b.source.mapping());
    check(directory, a, b, "timestamps: create", a.source.createTime(), b.source.createTime());
    check(
        directory,
        a,
        b,
        "partitioner: other",
        a.source.otherPartitioner(),
        b.source.otherPartitioner());
  }

  private static void check(
      Path directory, Reader a, Reader b, String what, Object ofA, Object ofB) {
    if (!ofA.equals(ofB)) {
      throw new DefinitionException(
          "%s: topic %s is shared, but %s differs: %s in %s, %s in %s"
              .formatted(
                  directory,
                  a.source.topic(),
                  what,
                  ofA,
                  a.definition.name(),
                  ofB,
                  b.definition.name()));
    }
  }
}
