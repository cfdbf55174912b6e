package dev.tallystick.storage.postgres;

/**
 * Where a source begins in a partition that does not know it yet.
 *
 * @param topicId Kafka's id of the topic: one made anew under the old name is another topic
 * @param logStart first offset to read; for a source added by a later version, the first with a
 *     timestamp at or after its valid-from
 */
public record SourceStart(String source, String topic, String topicId, long logStart) {}
