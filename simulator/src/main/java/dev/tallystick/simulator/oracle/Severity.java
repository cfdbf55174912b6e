package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.MismatchType;
import java.math.BigDecimal;
import java.util.Currency;

/** How urgent a mismatch is before it ages (contracts, section 3, "Severity"). */
enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW;

  private static final BigDecimal CRITICAL_FROM = BigDecimal.valueOf(10_000);
  private static final BigDecimal HIGH_FROM = BigDecimal.valueOf(1_000);

  /**
   * @param atStake major units, not negative
   */
  static Severity of(MismatchType type, BigDecimal atStake) {
    if (type == MismatchType.CURRENCY || atStake.compareTo(CRITICAL_FROM) >= 0) {
      return CRITICAL;
    }
    return switch (type) {
      case CURRENCY -> CRITICAL;
      case AMOUNT, DUPLICATE -> HIGH;
      case MISSING -> atStake.compareTo(HIGH_FROM) >= 0 ? HIGH : MEDIUM;
      case STATUS, ACCOUNT, UNEXPECTED -> MEDIUM;
      case TIMESTAMP -> LOW;
    };
  }

  /** |amount| in major units of its currency. */
  static BigDecimal major(long amountMinor, String currency) {
    int digits = Currency.getInstance(currency).getDefaultFractionDigits();
    return BigDecimal.valueOf(amountMinor, digits).abs();
  }
}
