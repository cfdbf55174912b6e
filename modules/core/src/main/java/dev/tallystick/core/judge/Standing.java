package dev.tallystick.core.judge;

import dev.tallystick.core.judge.Arrivals.Arrived;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.State;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of a transaction, source by source, and what is awaited: everything that can be
 * said before a verdict, and what a verdict compared.
 *
 * @param waiting what has arrived, in one word: INIT, {@code GATEWAY_RECEIVED}, {@code
 *     2_OF_3_RECEIVED}
 * @param firstArrivalMs log time, or {@link Event#NONE} when there are only commands
 * @param amountShown the report whose amount stands for the transaction; null: there is none
 * @param sources in the order of the definition
 */
public record Standing(
    String waiting,
    long firstArrivalMs,
    @Nullable Event amountShown,
    List<SourceStanding> sources) {

  /**
   * One source.
   *
   * @param view the report that stands for it; null: none of a type that counts
   * @param expected whether anything is expected of it, as far as is known
   * @param complete whether its view is final, so that nothing more is awaited of it
   * @param deadlineMs log time after which it is overdue; {@link Event#NONE} before any arrival
   */
  public record SourceStanding(
      SourceRule rule, @Nullable Event view, boolean expected, boolean complete, long deadlineMs) {}

  /**
   * Of a transaction's kept events, in any order.
   *
   * @param rules the version that its row names, or that was in force at its first arrival
   */
  public static Standing of(Collection<Event> kept, Reconciliation rules) {
    Arrived[] arrivals = Arrivals.inOrder(kept);
    long firstMs = Arrivals.firstMs(arrivals);
    Fold fold = new Fold(rules);
    for (Arrived arrived : arrivals) {
      if (!arrived.event().isCommand()) {
        fold.event(arrived.event(), arrived.atMs());
      }
    }
    List<SourceStanding> sources = new ArrayList<>(fold.views().size());
    for (SourceView view : fold.views()) {
      sources.add(
          new SourceStanding(
              view.rule(),
              view.event(),
              view.isExpected(),
              view.isFinal(),
              firstMs == Event.NONE ? Event.NONE : firstMs + view.rule().slaMs()));
    }
    return new Standing(
        Label.of(State.PENDING, null, fold.views()),
        firstMs,
        fold.amountShown(),
        List.copyOf(sources));
  }

  /** First arrival of a report among these events, or {@link Event#NONE}. */
  public static long firstArrivalMs(Collection<Event> kept) {
    return Arrivals.firstMs(Arrivals.inOrder(kept));
  }
}
