package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import org.jspecify.annotations.Nullable;

/**
 * STATUS: the statuses do not mean the same. What they mean is compared, what was reported is
 * shown. Whether a status that is not final is compared at all is decided before a rule is asked.
 */
public record StatusRule(String name, StatusVocabulary statuses) implements Rule {

  @Override
  public MismatchType type() {
    return MismatchType.STATUS;
  }

  @Override
  public @Nullable Difference compare(Event reference, Event other) {
    String expected = reference.status();
    String actual = other.status();
    if (expected.isEmpty()
        || actual.isEmpty()
        || statuses.canonical(expected).equals(statuses.canonical(actual))) {
      return null;
    }
    return new Difference("status", expected, actual, null, null, null);
  }
}
