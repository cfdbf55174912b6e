package dev.tallystick.core.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One report by one source about one transaction, with the position it was read at.
 *
 * <p>The position ({@code source}'s topic, the partition, {@code offset}) says where it was read;
 * {@code (source, eventId)} says which report it is; {@code content} says what it states.
 *
 * @param txnId the match key, 1 to 256 characters
 * @param source lower case; {@link #OPERATOR} for commands
 * @param eventId at most 128 characters
 * @param content hash of everything stated, without the event id
 * @param type {@code [A-Z_]{1,40}}
 * @param status as reported; empty for commands
 * @param amountMinor minor units of {@code currency}; within ±{@link #MAX_AMOUNT_MINOR}
 * @param currency ISO 4217; empty for commands
 * @param occurredAtMs epoch milliseconds, by the source's own clock; {@link #NONE} for commands
 * @param feeMinor minor units, or {@link #NONE}
 * @param attributes sorted by name
 * @param command what an operator ordered; null for reports
 * @param offset offset in the source's topic partition
 * @param recordedAtMs record timestamp in epoch milliseconds
 */
public record Event(
    String txnId,
    String source,
    String eventId,
    ContentHash content,
    String type,
    String status,
    long amountMinor,
    String currency,
    @Nullable String account,
    @Nullable String counterparty,
    long occurredAtMs,
    @Nullable String reference,
    @Nullable String channel,
    long feeMinor,
    Map<String, String> attributes,
    @Nullable OperatorCommand command,
    long offset,
    long recordedAtMs) {

  /** The built-in source of operators' commands. */
  public static final String OPERATOR = "operator";

  /** "Absent", for times and fees. */
  public static final long NONE = Long.MIN_VALUE;

  /** Keeps every difference of two amounts inside a long. */
  public static final long MAX_AMOUNT_MINOR = 4_000_000_000_000_000_000L;

  /** Whether this is an operator's command: it is ordered with the rest, but is no arrival. */
  public boolean isCommand() {
    return command != null;
  }

  /** Whether the two are the same report: same source, event id and content. */
  public boolean isIdenticalTo(Event other) {
    return source.equals(other.source)
        && eventId.equals(other.eventId)
        && content.equals(other.content);
  }
}
