package dev.tallystick.formats.json;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * ISO 4217 codes that count money in minor units. Codes without them (gold, no currency) are left
 * out: an amount in them would be no integer. The list is the JDK's.
 */
final class Currencies {

  private static final Set<String> CODES =
      Currency.getAvailableCurrencies().stream()
          .filter(currency -> currency.getDefaultFractionDigits() >= 0)
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private Currencies() {}

  static boolean isKnown(String code) {
    return CODES.contains(code);
  }
}
