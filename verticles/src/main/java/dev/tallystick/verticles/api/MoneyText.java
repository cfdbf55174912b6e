package dev.tallystick.verticles.api;

import java.math.BigDecimal;
import java.util.Currency;

/** {@code 4500 INR} → {@code 45.00 INR}, for sentences. Values in answers stay in minor units. */
final class MoneyText {

  private MoneyText() {}

  static String of(long amountMinor, String currency) {
    return BigDecimal.valueOf(amountMinor, digits(currency)).toPlainString() + ' ' + currency;
  }

  private static int digits(String currency) {
    try {
      return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    } catch (IllegalArgumentException e) {
      return 0; // a currency that this JDK does not know: the plain number is true in any case
    }
  }
}
