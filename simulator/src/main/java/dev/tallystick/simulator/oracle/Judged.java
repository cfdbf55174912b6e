package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.MismatchType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle says of one transaction.
 *
 * @param worst type of the worst open mismatch; null: none is open
 * @param mismatches latest episode per (type, source), by that key
 * @param firstArrivalMs null when there are only commands
 * @param nextDeadlineMs the earliest deadline still to be judged; null: none
 * @param ticked sources whose deadline tick has happened, sorted
 * @param amountMinor the reference's amount, else that of the first source that has one; null: none
 * @param overflow some source reported more than is kept
 */
public record Judged(
    String state,
    String label,
    @Nullable MismatchType worst,
    List<Finding> mismatches,
    @Nullable Long firstArrivalMs,
    @Nullable Long nextDeadlineMs,
    int ruleVersion,
    List<String> ticked,
    @Nullable Long amountMinor,
    @Nullable String currency,
    boolean overflow,
    Kept kept) {

  public @Nullable Finding mismatch(MismatchType type, String source) {
    Finding.Key key = new Finding.Key(type, source);
    return mismatches.stream().filter(m -> m.key().equals(key)).findFirst().orElse(null);
  }
}
