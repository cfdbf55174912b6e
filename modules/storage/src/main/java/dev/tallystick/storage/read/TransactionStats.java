package dev.tallystick.storage.read;

import dev.tallystick.core.model.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How many transactions there are.
 *
 * @param byState all five states
 * @param asOfMs epoch milliseconds by the database's clock
 */
public record TransactionStats(long total, SortedMap<State, Long> byState, long asOfMs) {

  private static final int RATE_DIGITS = 6;

  /**
   * MATCHED of all that are not PENDING, 0 to 1 with at most six decimals, rounded down so that 1
   * means all; null when nothing has been judged.
   */
  public @Nullable BigDecimal matchRate() {
    long judged = total - byState.getOrDefault(State.PENDING, 0L);
    if (judged <= 0) {
      return null;
    }
    BigDecimal rate =
        BigDecimal.valueOf(byState.getOrDefault(State.MATCHED, 0L))
            .divide(BigDecimal.valueOf(judged), RATE_DIGITS, RoundingMode.DOWN);
    return rate.signum() == 0 ? BigDecimal.ZERO : rate.stripTrailingZeros();
  }
}
