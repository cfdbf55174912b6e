package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import org.jspecify.annotations.Nullable;

/** CURRENCY: the amounts are stated in different currencies. */
public record CurrencyRule(String name) implements Rule {

  @Override
  public MismatchType type() {
    return MismatchType.CURRENCY;
  }

  @Override
  public @Nullable Difference compare(Event reference, Event other) {
    String expected = reference.currency();
    String actual = other.currency();
    if (expected.isEmpty() || actual.isEmpty() || expected.equals(actual)) {
      return null;
    }
    return new Difference("currency", expected, actual, null, null, null);
  }
}
