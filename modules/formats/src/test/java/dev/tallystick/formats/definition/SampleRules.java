package dev.tallystick.formats.definition;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.Rule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules that a definition loads by class name, good and bad ones. */
public final class SampleRules {

  static final Event EVENT =
      new Event(
          "TXN1",
          "bank",
          "e",
          new ContentHash(0, 0, 0, 0),
          "T",
          "S",
          1,
          "INR",
          null,
          null,
          0,
          null,
          null,
          Event.NONE,
          Map.of(),
          null,
          0,
          0);

  static final Rule.Difference DIFFERENCE =
      new Rule.Difference("account", "a", "b", null, null, null);

  private SampleRules() {}

  /** Takes its name from the definition. */
  public record Late(String name) implements Rule {
    @Override
    public MismatchType type() {
      return MismatchType.MISSING;
    }

    @Override
    public @Nullable Difference compare(Event reference, Event other) {
      return null;
    }
  }

  /** Has a name of its own. */
  public static final class Plain implements Rule {
    @Override
    public String name() {
      return "something else";
    }

    @Override
    public MismatchType type() {
      return MismatchType.ACCOUNT;
    }

    @Override
    public @Nullable Difference compare(Event reference, Event other) {
      return DIFFERENCE;
    }
  }

  /** Is no rule. */
  public static final class NoRule {}

  /** Fails to start. */
  public static final class Failing {
    public Failing() {
      throw new IllegalStateException("no licence");
    }
  }

  /** Has no constructor that could be called. */
  public static final class Closed {
    private Closed() {}
  }
}
