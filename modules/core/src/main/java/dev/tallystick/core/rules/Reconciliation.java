package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a named definition.
 *
 * @param version 1 and up
 * @param validFromMs first arrival (log time) from which it judges; {@link Event#NONE}: from the
 *     beginning of the log (only the first version)
 * @param where which events it takes
 * @param sources in the order of the definition; exactly one is the reference
 * @param partitions of each of its topics
 * @param hash SHA-256 of {@code text}, hexadecimal
 * @param text the definition as read
 */
public record Reconciliation(
    String name,
    int version,
    long validFromMs,
    Condition where,
    List<SourceRule> sources,
    RuleSet rules,
    int partitions,
    String hash,
    String text) {

  /** Topic of the operators' commands. */
  public String commandsTopic() {
    return "tallystick_" + name + "_commands";
  }

  public SourceRule reference() {
    return sources.stream().filter(SourceRule::reference).findFirst().orElseThrow();
  }

  public @Nullable SourceRule source(String name) {
    for (SourceRule source : sources) {
      if (source.name().equals(name)) {
        return source;
      }
    }
    return null;
  }
}
