package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import org.jspecify.annotations.Nullable;

/** ACCOUNT: both sides name an account, and not the same one. */
public record AccountRule(String name) implements Rule {

  @Override
  public MismatchType type() {
    return MismatchType.ACCOUNT;
  }

  @Override
  public @Nullable Difference compare(Event reference, Event other) {
    String expected = reference.account();
    String actual = other.account();
    if (expected == null || actual == null || expected.equals(actual)) {
      return null;
    }
    return new Difference("account", expected, actual, null, null, null);
  }
}
