package dev.tallystick.launcher.node;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are not there, and refuses partition counts that do not fit together. */
final class TopicSetup {

  /** Room for a record that the engine refuses, so that it becomes a dead letter and not a loss. */
  private static final int MESSAGE_MAX_BYTES = 4 << 20;

  private static final long WAIT_SECONDS = 25;

  private record Wanted(int partitions, boolean createTime, String reconciliation) {}

  private TopicSetup() {}

  /**
   * @throws StartFailure 69 when Kafka does not answer, 78 when counts differ
   */
  static void ensure(Map<String, Object> kafka, List<Reconciliation> definitions) {
    Map<String, Wanted> wanted = new TreeMap<>();
    for (Reconciliation definition : definitions) {
      for (SourceRule source : definition.sources()) {
        wanted.put(
            source.topic(),
            new Wanted(definition.partitions(), source.createTime(), definition.name()));
      }
      wanted.put(
          definition.commandsTopic(),
          new Wanted(definition.partitions(), false, definition.name()));
    }
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
    try (Admin admin = Admin.create(settings)) {
      create(admin, wanted);
      check(admin, wanted);
    } catch (ExecutionException | TimeoutException e) {
      throw unavailable(kafka, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(kafka, e);
    } catch (org.apache.kafka.common.KafkaException e) {
      throw new StartFailure(
          StartFailure.CONFIGURATION,
          "kafka.bootstrap: %s: %s"
              .formatted(
                  kafka.get("bootstrap.servers"),
                  e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
  }

  private static void create(Admin admin, Map<String, Wanted> wanted)
      throws ExecutionException, InterruptedException, TimeoutException {
    var existing = admin.listTopics().names().get(WAIT_SECONDS, TimeUnit.SECONDS);
    List<NewTopic> missing =
        wanted.entrySet().stream()
            .filter(topic -> !existing.contains(topic.getKey()))
            .map(topic -> newTopic(topic.getKey(), topic.getValue()))
            .toList();
    for (var created : admin.createTopics(missing).values().values()) {
      try {
        created.get(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // another node was faster
          throw e;
        }
      }
    }
  }

  private static NewTopic newTopic(String name, Wanted wanted) {
    return new NewTopic(name, Optional.of(wanted.partitions()), Optional.empty())
        .configs(
            Map.of(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                wanted.createTime() ? "CreateTime" : "LogAppendTime",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(MESSAGE_MAX_BYTES)));
  }

  private static void check(Admin admin, Map<String, Wanted> wanted)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, TopicDescription> described =
        admin.describeTopics(wanted.keySet()).allTopicNames().get(WAIT_SECONDS, TimeUnit.SECONDS);
    wanted.forEach(
        (topic, want) -> {
          TopicDescription found = described.get(topic);
          int count = found == null ? 0 : found.partitions().size();
          if (count != want.partitions()) {
            throw new StartFailure(
                StartFailure.CONFIGURATION,
                "reconciliation %s: partitions: %d: topic %s has %d partitions"
                    .formatted(want.reconciliation(), want.partitions(), topic, count));
          }
        });
  }

  private static StartFailure unavailable(Map<String, Object> kafka, Exception cause) {
    return new StartFailure(
        StartFailure.UNAVAILABLE,
        "kafka.bootstrap: %s: Kafka does not answer".formatted(kafka.get("bootstrap.servers")),
        cause);
  }
}
