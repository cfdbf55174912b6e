package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import org.jspecify.annotations.Nullable;

/**
 * AMOUNT: the amounts differ by more than the tolerance (contracts, section 5; requirements, B3).
 * Amounts in different currencies are not compared: their difference would have no unit.
 *
 * @param toleranceMinor minor units, 0 to {@link Event#MAX_AMOUNT_MINOR}
 * @param toleranceBp basis points of |expected|, rounded down, 0 to 10,000; the larger tolerance
 *     counts
 * @param fee a difference that equals the fee of either side, within tolerance, is none
 */
public record AmountRule(String name, long toleranceMinor, long toleranceBp, boolean fee)
    implements Rule {

  /** Basis points in a whole. */
  public static final int MAX_BP = 10_000;

  public AmountRule {
    if (toleranceMinor < 0 || toleranceMinor > Event.MAX_AMOUNT_MINOR) {
      throw new IllegalArgumentException("tolerance of " + toleranceMinor + " minor units");
    }
    if (toleranceBp < 0 || toleranceBp > MAX_BP) {
      throw new IllegalArgumentException("tolerance of " + toleranceBp + " basis points");
    }
  }

  @Override
  public MismatchType type() {
    return MismatchType.AMOUNT;
  }

  @Override
  public @Nullable Difference compare(Event reference, Event other) {
    if (reference.currency().isEmpty() || !reference.currency().equals(other.currency())) {
      return null;
    }
    long delta = other.amountMinor() - reference.amountMinor();
    long tolerance = toleranceFor(reference.amountMinor());
    if (Math.abs(delta) <= tolerance
        || explains(reference.feeMinor(), delta, tolerance)
        || explains(other.feeMinor(), delta, tolerance)) {
      return null;
    }
    return new Difference(
        "amount",
        Long.toString(reference.amountMinor()),
        Long.toString(other.amountMinor()),
        delta,
        tolerance,
        reference.currency());
  }

  /** Whole ten-thousandths first: the product itself would leave a long. */
  private long toleranceFor(long expectedMinor) {
    long size = Math.abs(expectedMinor);
    long share = size / MAX_BP * toleranceBp + size % MAX_BP * toleranceBp / MAX_BP;
    return Math.max(toleranceMinor, share);
  }

  /** Which side is gross is the sources' business: only the sizes are compared. */
  private boolean explains(long feeMinor, long delta, long tolerance) {
    return fee
        && feeMinor != Event.NONE
        && Math.abs(Math.abs(delta) - Math.abs(feeMinor)) <= tolerance;
  }
}
