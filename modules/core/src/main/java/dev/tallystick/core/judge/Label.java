package dev.tallystick.core.judge;

import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.State;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A state in the words of the people who work with it (contracts, section 3). */
final class Label {

  private Label() {}

  /**
   * @param worst the worst open mismatch, null when none is open
   */
  static String of(State state, @Nullable Mismatch worst, List<SourceView> views) {
    if (worst != null) {
      return switch (worst.type()) {
        case MISSING -> worst.source().toUpperCase(Locale.ROOT) + "_MISSING";
        case DUPLICATE, UNEXPECTED -> worst.type().name();
        case CURRENCY, AMOUNT, STATUS, ACCOUNT, TIMESTAMP -> worst.type() + "_MISMATCH";
      };
    }
    return state == State.PENDING ? received(views) : state.name();
  }

  private static String received(List<SourceView> views) {
    int reported = 0;
    int expected = 0;
    String only = "";
    for (SourceView view : views) {
      if (view.hasReported()) {
        reported++;
        only = view.rule().name();
      }
      if (view.hasReported() || view.isExpected()) {
        expected++;
      }
    }
    return switch (reported) {
      case 0 -> "INIT";
      case 1 -> only.toUpperCase(Locale.ROOT) + "_RECEIVED";
      default -> reported + "_OF_" + expected + "_RECEIVED";
    };
  }
}
