package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rule;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.core.rules.StatusVocabulary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/**
 * The rules of the worlds: {@code a} is the reference, {@code b} always reports, {@code c} only
 * when someone says channel C. A second version with longer deadlines begins at {@link
 * #SECOND_FROM_MS}.
 */
@NullUnmarked // a world is closed: every name it looks up is one it put there
final class WorldRules {

  static final long SECOND_FROM_MS = 60;

  private record Amounts(String name) implements Rule {
    @Override
    public MismatchType type() {
      return MismatchType.AMOUNT;
    }

    @Override
    public Difference compare(Event reference, Event other) {
      return reference.amountMinor() == other.amountMinor()
          ? null
          : new Difference(
              "amount",
              Long.toString(reference.amountMinor()),
              Long.toString(other.amountMinor()),
              other.amountMinor() - reference.amountMinor(),
              0L,
              reference.currency());
    }
  }

  private record ChannelIsC() implements Condition {
    @Override
    public boolean test(Event event) {
      return "C".equals(event.channel());
    }

    @Override
    public String text() {
      return "event.channel == 'C'";
    }
  }

  private WorldRules() {}

  static Rulebook rulebook() {
    return new Rulebook(List.of(version(1, Event.NONE, 0), version(2, SECOND_FROM_MS, 10)));
  }

  private static Reconciliation version(int number, long fromMs, long moreMs) {
    return new Reconciliation(
        "world",
        number,
        fromMs,
        Condition.ALWAYS,
        List.of(
            source("a", true, 20 + moreMs, null),
            source("b", false, 30 + moreMs, null),
            source("c", false, 25 + moreMs, new ChannelIsC())),
        new RuleSet(
            List.of(new Amounts("amount")),
            StatusVocabulary.PLAIN,
            "missing",
            "duplicate",
            "unexpected"),
        1,
        "",
        "");
  }

  private static SourceRule source(
      String name,
      boolean reference,
      long slaMs,
      @org.jspecify.annotations.Nullable Condition when) {
    return new SourceRule(
        name, name, reference, slaMs, when, Set.of(), false, false, "json", Map.of());
  }
}
