package dev.tallystick.formats.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.formats.EventField;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The short cut and CEL give the same answer. */
class ConditionsProperty {

  @Property(tries = 500)
  void theShortCutIsCel(
      @ForAll @Size(min = 1, max = 4) List<@From("tests") String> tests,
      @ForAll("events") Event event)
      throws ConditionException {
    String text = String.join(" && ", tests);
    Condition quick = Conditions.compile(text);
    assertThat(quick.getClass().getSimpleName()).isEqualTo("Conjunction");
    assertThat(quick.test(event)).isEqualTo(Conditions.compileWithoutShortcut(text).test(event));
  }

  @Provide
  Arbitrary<String> tests() {
    Arbitrary<String> fields = Arbitraries.of(EventField.values()).map(EventField::wireName);
    Arbitrary<String> texts =
        Arbitraries.of(EventField.values())
            .filter(
                field ->
                    switch (field) {
                      case AMOUNT, FEE, TIMESTAMP, ATTRIBUTES -> false;
                      default -> true;
                    })
            .map(EventField::wireName);
    Arbitrary<String> literals =
        Arbitraries.of("'x'", "\"MOBILE\"", "'INR'", "'TXN1'", "'gateway'", "''", "'\\u00e9'");
    return Arbitraries.oneOf(
        fields.map("has(event.%s)"::formatted),
        fields.map("!has(event.%s)"::formatted),
        Combinators.combine(texts, literals).as("event.%s == %s"::formatted),
        Combinators.combine(literals, texts).as("%s == event.%s"::formatted));
  }

  @Provide
  Arbitrary<Event> events() {
    return Combinators.combine(
            Arbitraries.of("MOBILE", "x", "é").injectNull(0.4),
            Arbitraries.of(12L, 0L, Event.NONE),
            Arbitraries.of("UPI").injectNull(0.5))
        .as(Events::event);
  }
}
