package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.MismatchType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mismatch: the latest episode of its (type, source).
 *
 * @param delta actual − expected: minor units for AMOUNT, milliseconds for TIMESTAMP, else null
 * @param rule name@version
 * @param openedAtMs arrival of the event, or the deadline, that opened it
 * @param closedAtMs null while open
 * @param closedBy LATE_ARRIVAL, EVIDENCE or the operator's subject; null while open
 */
public record Finding(
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
    String severity,
    long openedAtMs,
    @Nullable Long closedAtMs,
    @Nullable String closedBy) {

  /** A transaction has at most one mismatch per type and source. */
  public record Key(MismatchType type, String source) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byType = type.compareTo(other.type);
      return byType != 0 ? byType : source.compareTo(other.source);
    }
  }

  public Key key() {
    return new Key(type, source);
  }

  public boolean isOpen() {
    return closedAtMs == null;
  }

  Finding openedAt(long ms) {
    return new Finding(
        type, source, field, expected, actual, delta, tolerance, currency, rule, sources, severity,
        ms, null, null);
  }

  Finding closed(long ms, String by) {
    return new Finding(
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
        ms,
        by);
  }

  Finding severity(String value) {
    return new Finding(
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
        value,
        openedAtMs,
        closedAtMs,
        closedBy);
  }
}
