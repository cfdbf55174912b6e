package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All versions of one reconciliation. A transaction is judged by the version that was in force at
 * its first arrival (protocol, section 8).
 */
public final class Rulebook {

  private final List<Reconciliation> versions;

  /**
   * @param versions of one reconciliation, at least one, each version number once
   */
  public Rulebook(List<Reconciliation> versions) {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a rulebook needs at least one version");
    }
    this.versions =
        versions.stream()
            .sorted(
                Comparator.comparingLong(Reconciliation::validFromMs)
                    .thenComparingInt(Reconciliation::version))
            .toList();
  }

  public String name() {
    return newest().name();
  }

  public List<Reconciliation> versions() {
    return versions;
  }

  public Reconciliation newest() {
    return versions.getLast();
  }

  /** The version in force at that time of the log; the first one before any is. */
  public Reconciliation at(long firstArrivalMs) {
    Reconciliation found = versions.getFirst();
    for (Reconciliation version : versions) {
      if (version.validFromMs() <= firstArrivalMs) {
        found = version;
      }
    }
    return found;
  }

  public @Nullable Reconciliation version(int number) {
    for (Reconciliation version : versions) {
      if (version.version() == number) {
        return version;
      }
    }
    return null;
  }

  /** What the newest version that has the source says of it; null: no version has it. */
  public @Nullable SourceRule source(String name) {
    for (Reconciliation version : versions.reversed()) {
      SourceRule source = version.source(name);
      if (source != null) {
        return source;
      }
    }
    return null;
  }

  /**
   * Source → topic over all versions, {@code operator} included; the newest version decides. The
   * order is the one in which positions are listed everywhere.
   */
  public Map<String, String> topics() {
    Map<String, String> topics = new LinkedHashMap<>();
    List<Reconciliation> newestFirst = new ArrayList<>(versions).reversed();
    for (Reconciliation version : newestFirst) {
      for (SourceRule source : version.sources()) {
        topics.putIfAbsent(source.name(), source.topic());
      }
    }
    topics.put(Event.OPERATOR, newest().commandsTopic());
    return topics;
  }
}
