package dev.tallystick.core.judge;

import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import java.math.BigInteger;
import java.util.Currency;

/**
 * Severity of a mismatch when it opens, from its type and the amount at stake (contracts, section
 * 3). Age adds to it at read time, not here.
 */
final class SeverityScale {

  private static final long CRITICAL_MAJOR = 10_000;
  private static final long HIGH_MISSING_MAJOR = 1_000;

  private SeverityScale() {}

  /**
   * @param stakeMinor amount at stake in minor units of {@code currency}; its sign does not matter
   */
  static Severity of(MismatchType type, long stakeMinor, String currency) {
    long stakeMajor = Math.abs(stakeMinor) / minorPerMajor(currency);
    if (type == MismatchType.CURRENCY || stakeMajor >= CRITICAL_MAJOR) {
      return Severity.CRITICAL;
    }
    return switch (type) {
      case CURRENCY -> Severity.CRITICAL;
      case AMOUNT, DUPLICATE -> Severity.HIGH;
      case MISSING -> stakeMajor >= HIGH_MISSING_MAJOR ? Severity.HIGH : Severity.MEDIUM;
      case STATUS, ACCOUNT, UNEXPECTED -> Severity.MEDIUM;
      case TIMESTAMP -> Severity.LOW;
    };
  }

  /** Whether the first amount is larger than the second, in major units and without its sign. */
  static boolean isLarger(long minor, String currency, long thanMinor, String thanCurrency) {
    if (currency.equals(thanCurrency)) {
      return Math.abs(minor) > Math.abs(thanMinor);
    }
    BigInteger scaled = scaled(minor, minorPerMajor(thanCurrency));
    return thanCurrency.isEmpty()
        || scaled.compareTo(scaled(thanMinor, minorPerMajor(currency))) > 0;
  }

  private static BigInteger scaled(long minor, long by) {
    return BigInteger.valueOf(minor).abs().multiply(BigInteger.valueOf(by));
  }

  private static long minorPerMajor(String currency) {
    if (currency.isEmpty()) {
      return 1;
    }
    long units = 1;
    for (int digit = Currency.getInstance(currency).getDefaultFractionDigits();
        digit > 0;
        digit--) {
      units *= 10;
    }
    return units;
  }
}
