package dev.tallystick.simulator.verify;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds up what a run finds. Not thread-safe. */
final class Findings {

  long records;
  long transactions;
  long agree;
  long lost;
  long doubled;
  long falseMissing;
  long staleWrites;
  long other;
  private VerifyResult.@Nullable Difference first;

  /** Notes a difference of any kind; the first one is named in the result. */
  void note(
      String reconciliation,
      int partition,
      @Nullable String txnId,
      String field,
      @Nullable Object expected,
      @Nullable Object actual) {
    if (first == null) {
      first =
          new VerifyResult.Difference(
              reconciliation, partition, txnId, field, text(expected), text(actual));
    }
  }

  /** A difference that belongs to no row. */
  void other(
      String reconciliation,
      int partition,
      String field,
      @Nullable Object expected,
      @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      other++;
      note(reconciliation, partition, null, field, expected, actual);
    }
  }

  VerifyResult result() {
    return new VerifyResult(
        records,
        transactions,
        agree,
        transactions - agree,
        lost,
        doubled,
        falseMissing,
        staleWrites,
        other,
        first);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
