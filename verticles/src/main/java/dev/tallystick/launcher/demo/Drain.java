package dev.tallystick.launcher.demo;

import dev.tallystick.simulator.workload.Simulation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Whether everything sent is judged and durable: the stored watermarks have passed the last
 * deadline, the stored positions are where the log ends, and every change is published.
 */
final class Drain {

  private final Simulation simulation;
  private final Stored stored;
  private final LogEnds logEnds;
  private final int partitions;

  /**
   * @param partitions of all reconciliations together
   */
  Drain(Simulation simulation, Stored stored, LogEnds logEnds, int partitions) {
    this.simulation = simulation;
    this.stored = stored;
    this.logEnds = logEnds;
    this.partitions = partitions;
  }

  /** The first thing that is still missing, for people; null: nothing is. */
  @Nullable String missing() {
    if (!simulation.drained().isDone()) {
      return "the simulated systems have not sent everything";
    }
    List<Stored.Progress> all = stored.progress();
    if (all.size() < partitions) {
      return "%d of %d partitions were never claimed"
          .formatted(partitions - all.size(), partitions);
    }
    Set<TopicPartition> places = new HashSet<>();
    for (Stored.Progress progress : all) {
      progress
          .topics()
          .forEach(topic -> places.add(new TopicPartition(topic, progress.partition())));
    }
    Map<TopicPartition, Long> ends = logEnds.of(places);
    for (Stored.Progress progress : all) {
      String missing = missing(progress, ends);
      if (missing != null) {
        return "partition %s/%d %s"
            .formatted(progress.reconciliation(), progress.partition(), missing);
      }
    }
    return null;
  }

  private @Nullable String missing(Stored.Progress progress, Map<TopicPartition, Long> ends) {
    long deadlineMs = simulation.lastDeadlineMs();
    for (int i = 0; i < progress.topics().size(); i++) {
      String topic = progress.topics().get(i);
      long end = ends.getOrDefault(new TopicPartition(topic, progress.partition()), 0L);
      long position = progress.positions().get(i);
      if (position < end) {
        return "is at %d of %s, which ends at %d".formatted(position, topic, end);
      }
    }
    if (deadlineMs > 0 && progress.watermarkMs() < deadlineMs) {
      return progress.watermarkMs() == Long.MIN_VALUE
          ? "has no watermark yet"
          : "has its watermark %d ms before the last deadline"
              .formatted(deadlineMs - progress.watermarkMs());
    }
    return progress.unpublished() > 0
        ? "has %d changes that are not published".formatted(progress.unpublished())
        : null;
  }
}
