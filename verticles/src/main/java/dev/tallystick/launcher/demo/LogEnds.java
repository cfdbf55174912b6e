package dev.tallystick.launcher.demo;

import dev.tallystick.launcher.endpoints.Servers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Where the topics end. */
final class LogEnds implements AutoCloseable {

  private static final long ANSWER_MAX_SECONDS = 10;

  private final Admin admin;

  LogEnds(Servers servers) {
    this.admin = Admin.create(servers.kafka());
  }

  /**
   * The offset of the next record.
   *
   * @throws IllegalStateException Kafka did not answer
   */
  Map<TopicPartition, Long> of(Collection<TopicPartition> places) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    places.forEach(place -> wanted.put(place, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    try {
      admin
          .listOffsets(wanted)
          .all()
          .get(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)
          .forEach((place, end) -> ends.put(place, end.offset()));
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the ends of the topics are unknown: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for the ends of the topics", e);
    }
    return ends;
  }

  @Override
  public void close() {
    admin.close();
  }
}
