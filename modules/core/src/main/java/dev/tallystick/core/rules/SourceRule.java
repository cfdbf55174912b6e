package dev.tallystick.core.rules;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation expects of one source.
 *
 * @param slaMs milliseconds after the first arrival at which the source becomes overdue
 * @param when condition under which the source is expected at all; null: always
 * @param types event types that count as this source's view; empty: all
 * @param createTime the topic carries producer time, not log-append time
 * @param otherPartitioner the key's partition is not checked
 * @param format decoder of the topic, {@code json} by default
 * @param mapping event field → name of the field in the payload
 */
public record SourceRule(
    String name,
    String topic,
    boolean reference,
    long slaMs,
    @Nullable Condition when,
    Set<String> types,
    boolean createTime,
    boolean otherPartitioner,
    String format,
    Map<String, String> mapping) {

  public boolean takesType(String type) {
    return types.isEmpty() || types.contains(type);
  }
}
