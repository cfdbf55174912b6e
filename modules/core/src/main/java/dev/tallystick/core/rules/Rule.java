package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import org.jspecify.annotations.Nullable;

/**
 * Compares the view of a source with the reference's: the interface a custom rule implements. An
 * implementation is pure: no clock, no chance, no I/O, and the same answer for the same two events.
 */
public interface Rule {

  /** The name in the definition; verdicts say {@code name@version}. */
  String name();

  /** The type of mismatch it reports. */
  MismatchType type();

  /**
   * The difference, or null when the two agree or either side lacks the field.
   *
   * @param reference view of the reference source
   * @param other view of the source compared with it
   */
  @Nullable Difference compare(Event reference, Event other);

  /**
   * What differs.
   *
   * @param delta actual − expected in the rule's unit, null where there is no difference to compute
   * @param tolerance in the unit of {@code delta}
   * @param currency of the values, for amounts
   */
  record Difference(
      String field,
      @Nullable String expected,
      @Nullable String actual,
      @Nullable Long delta,
      @Nullable Long tolerance,
      @Nullable String currency) {}
}
