package dev.tallystick.verticles.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An amount has as many decimals on the screen as in the engine, which asks the JDK. */
class CurrencyDigitsTest {

  private static final int USUAL = 2;

  @Test
  void theDashboardHasTheDigitsOfTheJdk() throws IOException {
    Map<String, Integer> shown = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../webroot/src/format/digits.txt"))) {
      String[] words = line.strip().split(" ");
      Arrays.stream(words).skip(1).forEach(code -> shown.put(code, Integer.valueOf(words[0])));
    }
    Map<String, Integer> known = new TreeMap<>();
    for (Currency currency : Currency.getAvailableCurrencies()) {
      int digits = currency.getDefaultFractionDigits();
      if (digits >= 0 && digits != USUAL) {
        known.put(currency.getCurrencyCode(), digits);
      }
    }
    assertThat(shown).isEqualTo(known);
  }
}
