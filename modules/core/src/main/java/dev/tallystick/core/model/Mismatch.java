package dev.tallystick.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One disagreement on one transaction: the latest episode of its (type, source).
 *
 * @param source the source that disagrees (never the reference, except for DUPLICATE, MISSING and
 *     UNEXPECTED)
 * @param expected what the reference says; amounts as decimal integers in minor units, times as RFC
 *     3339; null where there is no such value
 * @param actual what {@code source} says
 * @param delta actual − expected: minor units for AMOUNT, milliseconds for TIMESTAMP, else null
 * @param tolerance in the unit of {@code delta}; null where none applies
 * @param currency of {@code expected} for AMOUNT
 * @param rule name@version
 * @param sources the sources compared
 * @param openedAtMs arrival of the event, or the deadline, that opened it
 * @param closedAtMs arrival of the event that closed it, or {@link Event#NONE} while open
 * @param closedBy {@link #LATE_ARRIVAL}, {@link #EVIDENCE} or the operator's subject; null while
 *     open
 */
public record Mismatch(
    MismatchType type,
    String source,
    String field,
    @Nullable String expected,
    @Nullable String actual,
    @Nullable Long delta,
    @Nullable Long tolerance,
    @Nullable String currency,
    String rule,
    List<String> sources,
    Severity severity,
    long openedAtMs,
    long closedAtMs,
    @Nullable String closedBy) {

  public static final String LATE_ARRIVAL = "LATE_ARRIVAL";
  public static final String EVIDENCE = "EVIDENCE";
  public static final String WITHDRAWN = "WITHDRAWN";

  public boolean isOpen() {
    return closedAtMs == Event.NONE;
  }

  /** Identity inside a transaction. */
  public Key key() {
    return new Key(type, source);
  }

  public Mismatch closed(long atMs, String by) {
    return new Mismatch(
        type,
        source,
        field,
        expected,
        actual,
        delta,
        tolerance,
        currency,
        rule,
        sources,
        severity,
        openedAtMs,
        atMs,
        by);
  }

  /** The same disagreement as part of an episode that began earlier. */
  public Mismatch openedAt(long atMs) {
    return new Mismatch(
        type,
        source,
        field,
        expected,
        actual,
        delta,
        tolerance,
        currency,
        rule,
        sources,
        severity,
        atMs,
        closedAtMs,
        closedBy);
  }

  public OperatorCommand.Accepted asAccepted() {
    return new OperatorCommand.Accepted(type, source, field, expected, actual);
  }

  /** A transaction has at most one mismatch per type and source. */
  public record Key(MismatchType type, String source) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byType = type.compareTo(other.type);
      return byType != 0 ? byType : source.compareTo(other.source);
    }
  }
}
