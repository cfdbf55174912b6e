package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.protocol.Messages.Start;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Facts about topics, asked of the brokers. Answers come on a thread of the admin client. */
final class Topics implements AutoCloseable {

  /** Transactions that are still open lie below the high watermark; time must wait for them. */
  private static final ListOffsetsOptions HIGH_WATERMARK =
      new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

  private final Admin admin;
  private final Rulebook rulebook;

  Topics(IngestionSettings settings) {
    this.admin = Admin.create(KafkaSettings.admin(settings.kafka()));
    this.rulebook = settings.rulebook();
  }

  /** The end of the log, as a consumer that reads everything will see it. */
  CompletionStage<Map<TopicPartition, Long>> highWatermarks(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(at -> wanted.put(at, OffsetSpec.latest()));
    ListOffsetsResult asked = admin.listOffsets(wanted, HIGH_WATERMARK);
    CompletionStage<Map<TopicPartition, Long>> ends =
        CompletableFuture.completedFuture(new HashMap<>());
    for (TopicPartition at : wanted.keySet()) { // one without a leader does not silence the others
      CompletionStage<@Nullable Long> end =
          asked.partitionResult(at).toCompletionStage().handle(Topics::offsetOrNull);
      ends =
          ends.thenCombine(
              end,
              (known, offset) -> {
                if (offset != null) {
                  known.put(at, offset);
                }
                return known;
              });
    }
    return ends;
  }

  private static @Nullable Long offsetOrNull(
      @Nullable ListOffsetsResultInfo answer, @Nullable Throwable failure) {
    return answer == null || failure != null ? null : answer.offset();
  }

  /** Where each source of a partition begins for one that has never read it, with topic ids. */
  CompletionStage<List<Start>> starts(int partition) {
    Map<String, String> topics = rulebook.topics();
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    topics.forEach(
        (source, topic) -> {
          TopicPartition at = new TopicPartition(topic, partition);
          long fromMs = firstValidMs(source);
          first.put(
              at, fromMs == Event.NONE ? OffsetSpec.earliest() : OffsetSpec.forTimestamp(fromMs));
          latest.put(at, OffsetSpec.latest());
        });
    return admin
        .describeTopics(topics.values())
        .allTopicNames()
        .toCompletionStage()
        .thenCombine(
            offsets(first).thenCombine(offsets(latest), Topics::orElse),
            (described, offsets) -> starts(partition, topics, described, offsets));
  }

  private static List<Start> starts(
      int partition,
      Map<String, String> topics,
      Map<String, TopicDescription> described,
      Map<TopicPartition, Long> offsets) {
    List<Start> starts = new ArrayList<>();
    topics.forEach(
        (source, topic) -> {
          TopicDescription description = described.get(topic);
          Long offset = offsets.get(new TopicPartition(topic, partition));
          if (description == null || offset == null) {
            throw new IllegalStateException("no answer about topic " + topic);
          }
          starts.add(new Start(source, topic, description.topicId().toString(), offset));
        });
    return starts;
  }

  /**
   * A source that a later version added starts when that version does; the others at the log's
   * start.
   */
  private long firstValidMs(String source) {
    if (source.equals(Event.OPERATOR)) {
      return Event.NONE;
    }
    for (Reconciliation version : rulebook.versions()) {
      if (version.source(source) != null) {
        return version.validFromMs();
      }
    }
    return Event.NONE;
  }

  private CompletionStage<Map<TopicPartition, Long>> offsets(
      Map<TopicPartition, OffsetSpec> wanted) {
    return admin
        .listOffsets(wanted, HIGH_WATERMARK)
        .all()
        .toCompletionStage()
        .thenApply(
            answers -> {
              Map<TopicPartition, Long> offsets = new HashMap<>();
              answers.forEach((at, answer) -> offsets.put(at, offset(answer)));
              return offsets;
            });
  }

  private static long offset(ListOffsetsResultInfo answer) {
    return answer.offset();
  }

  /** No record at or after the time: −1 stands for the end. */
  private static Map<TopicPartition, Long> orElse(
      Map<TopicPartition, Long> first, Map<TopicPartition, Long> latest) {
    Map<TopicPartition, Long> known = new HashMap<>(latest);
    first.forEach(
        (at, offset) -> {
          if (offset >= 0) {
            known.put(at, offset);
          }
        });
    return known;
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(2));
  }
}
