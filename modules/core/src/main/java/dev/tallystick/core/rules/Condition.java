package dev.tallystick.core.rules;

import dev.tallystick.core.model.Event;

/** A question about one event: {@code where} and {@code when} of a definition. Pure. */
public interface Condition {

  /** Whether the event satisfies it; a field the event lacks makes it false, never an error. */
  boolean test(Event event);

  /** As written in the definition. */
  String text();

  /** True for every event. */
  Condition ALWAYS =
      new Condition() {
        @Override
        public boolean test(Event event) {
          return true;
        }

        @Override
        public String text() {
          return "true";
        }
      };
}
