package dev.tallystick.core.judge;

import dev.tallystick.core.judge.Arrivals.Arrived;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one idea: a transaction's verdict is a pure function of the set of its events, the rules and
 * the watermark. The order, repetition or batching in which they came cannot change it.
 */
public final class Reconciler {

  /** Counts as a version of the rules: raised whenever the same input may judge differently. */
  public static final int JUDGE_VERSION = 1;

  private record Tick(SourceView view, long deadlineMs) {}

  private Reconciler() {}

  /**
   * @param kept the transaction's events in any order, without identical reports and within the
   *     bound per source
   * @param watermarkMs every record with a lower timestamp has been read; {@link Event#NONE} when
   *     nothing is proven
   * @param ticked sources whose deadline the stored row has already judged: a MISSING is taken back
   *     by events, never by a lower watermark
   */
  public static Verdict judge(
      Collection<Event> kept, Rulebook rulebook, long watermarkMs, Collection<String> ticked) {
    Arrived[] arrivals = Arrivals.inOrder(kept);
    long firstMs = Arrivals.firstMs(arrivals);
    Commands commands = Commands.of(arrivals);
    Reconciliation rules = rulesFor(rulebook, firstMs, commands.rejudgeVersion());
    if (firstMs == Event.NONE) {
      return new Verdict(
          State.PENDING,
          "INIT",
          null,
          List.of(),
          firstMs,
          Event.NONE,
          rules.version(),
          List.of(),
          0,
          "");
    }
    Fold fold = new Fold(rules);
    List<Tick> ticks = ticks(fold, arrivals, firstMs, watermarkMs, ticked);
    walk(fold, arrivals, ticks);
    return conclude(fold, ticks, firstMs, rules, commands);
  }

  private static Reconciliation rulesFor(Rulebook rulebook, long firstMs, int rejudgeVersion) {
    Reconciliation ordered = rulebook.version(rejudgeVersion);
    return ordered != null ? ordered : rulebook.at(firstMs);
  }

  /** The deadlines that have passed, in order. */
  private static List<Tick> ticks(
      Fold fold, Arrived[] arrivals, long firstMs, long watermarkMs, Collection<String> ticked) {
    List<Tick> ticks = new ArrayList<>(fold.views().size());
    for (SourceView view : fold.views()) {
      long deadlineMs = firstMs + view.rule().slaMs();
      long finalMs = firstFinalMs(view, arrivals);
      boolean passed =
          finalMs != Event.NONE
              ? finalMs > deadlineMs
              : watermarkMs > deadlineMs || ticked.contains(view.rule().name());
      if (passed) {
        ticks.add(new Tick(view, deadlineMs));
      }
    }
    ticks.sort(
        Comparator.comparingLong(Tick::deadlineMs)
            .thenComparing(tick -> tick.view().rule().name()));
    return ticks;
  }

  private static long firstFinalMs(SourceView view, Arrived[] arrivals) {
    for (Arrived arrived : arrivals) {
      if (view.counts(arrived.event()) && view.isFinal(arrived.event())) {
        return arrived.atMs();
      }
    }
    return Event.NONE;
  }

  /** A tick comes after the events of its millisecond. */
  private static void walk(Fold fold, Arrived[] arrivals, List<Tick> ticks) {
    int next = 0;
    for (Arrived arrived : arrivals) {
      if (arrived.event().isCommand()) {
        continue;
      }
      while (next < ticks.size() && ticks.get(next).deadlineMs() < arrived.atMs()) {
        fold.tick(ticks.get(next).view(), ticks.get(next).deadlineMs());
        next++;
      }
      fold.event(arrived.event(), arrived.atMs());
    }
    for (; next < ticks.size(); next++) {
      fold.tick(ticks.get(next).view(), ticks.get(next).deadlineMs());
    }
  }

  private static Verdict conclude(
      Fold fold, List<Tick> ticks, long firstMs, Reconciliation rules, Commands commands) {
    List<Mismatch> shown = new ArrayList<>(fold.episodes().size());
    Mismatch worst = null;
    boolean onlyMissing = true;
    for (Mismatch mismatch : fold.episodes().values()) {
      Mismatch after = commands.apply(mismatch);
      shown.add(after);
      if (after.isOpen()) {
        onlyMissing &= after.type() == MismatchType.MISSING;
        worst = worse(worst, after, rules);
      }
    }
    State state;
    if (worst != null) {
      state = onlyMissing ? State.OVERDUE : State.MISMATCHED;
    } else if (commands.isResolving()) {
      state = State.RESOLVED;
    } else {
      state = isComplete(fold) ? State.MATCHED : State.PENDING;
    }
    Event amount = fold.amountShown();
    return new Verdict(
        state,
        Label.of(state, worst, fold.views()),
        worst == null ? null : worst.type(),
        List.copyOf(shown),
        firstMs,
        nextDeadlineMs(fold, firstMs),
        rules.version(),
        ticks.stream().map(tick -> tick.view().rule().name()).sorted().toList(),
        amount == null ? 0 : amount.amountMinor(),
        amount == null ? "" : amount.currency());
  }

  /** Worst type first; among equals the source that the definition lists first. */
  private static Mismatch worse(@Nullable Mismatch a, Mismatch b, Reconciliation rules) {
    if (a == null) {
      return b;
    }
    int byType = a.type().compareTo(b.type());
    if (byType != 0) {
      return byType < 0 ? a : b;
    }
    for (var source : rules.sources()) {
      if (source.name().equals(a.source())) {
        return a;
      }
      if (source.name().equals(b.source())) {
        return b;
      }
    }
    return a;
  }

  private static boolean isComplete(Fold fold) {
    boolean any = false;
    for (SourceView view : fold.views()) {
      if (view.isExpected() && view.comparable() == null) {
        return false;
      }
      any |= view.comparable() != null;
    }
    return any;
  }

  private static long nextDeadlineMs(Fold fold, long firstMs) {
    long next = Event.NONE;
    for (SourceView view : fold.views()) {
      if (view.isExpected() && !view.hasTicked() && !view.isFinal()) {
        long deadlineMs = firstMs + view.rule().slaMs();
        next = next == Event.NONE ? deadlineMs : Math.min(next, deadlineMs);
      }
    }
    return next;
  }

  /** What the operators ordered, in the order of their offsets. */
  private record Commands(
      boolean isResolving,
      Set<OperatorCommand.Accepted> accepted,
      String by,
      long atMs,
      int rejudgeVersion) {

    static Commands of(Arrived[] arrivals) {
      Commands state = new Commands(false, Set.of(), "", Event.NONE, 0);
      for (Arrived arrived : arrivals) { // one source: arrival order is offset order
        OperatorCommand command = arrived.event().command();
        if (command != null) {
          state = state.after(arrived.event().type(), command, arrived.atMs());
        }
      }
      return state;
    }

    private Commands after(String type, OperatorCommand command, long commandMs) {
      return switch (type) {
        case OperatorCommand.RESOLVE, OperatorCommand.WRITE_OFF ->
            new Commands(
                true, new HashSet<>(command.accepts()), command.by(), commandMs, rejudgeVersion);
        case OperatorCommand.REOPEN ->
            new Commands(false, Set.of(), command.by(), commandMs, rejudgeVersion);
        case OperatorCommand.REJUDGE ->
            new Commands(isResolving, accepted, by, atMs, command.version());
        default -> this;
      };
    }

    /** An open mismatch that was accepted is shown closed by the operator. */
    Mismatch apply(Mismatch mismatch) {
      return mismatch.isOpen() && accepted.contains(mismatch.asAccepted())
          ? mismatch.closed(Math.max(mismatch.openedAtMs(), atMs), by)
          : mismatch;
    }
  }
}
