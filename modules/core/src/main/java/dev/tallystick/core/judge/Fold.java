package dev.tallystick.core.judge;

import dev.tallystick.core.judge.EventFields.FieldDifference;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rule;
import dev.tallystick.core.rules.SourceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The walk over a transaction's events and deadline ticks in order. After every step it asks what
 * disagrees now; from the difference to the step before come the openings and closings, so history
 * is a function of the set and not of what was observed when.
 */
final class Fold {

  private final Reconciliation rules;
  private final List<SourceView> views = new ArrayList<>();
  private final SourceView reference;
  private final SortedMap<Mismatch.Key, Mismatch> episodes = new TreeMap<>();
  private long largestAmountMinor;
  private String largestCurrency = "";

  Fold(Reconciliation rules) {
    this.rules = rules;
    SourceView found = null;
    for (SourceRule source : rules.sources()) {
      SourceView view = new SourceView(source, rules.rules().statuses());
      views.add(view);
      if (source.reference()) {
        found = view;
      }
    }
    this.reference = Objects.requireNonNull(found, "a definition has a reference source");
  }

  List<SourceView> views() {
    return views;
  }

  SourceView reference() {
    return reference;
  }

  /** The report whose amount stands for the transaction: the reference's, else the first one's. */
  @Nullable Event amountShown() {
    Event expected = reference.event();
    if (expected != null) {
      return expected;
    }
    for (SourceView view : views) {
      if (view.event() != null) {
        return view.event();
      }
    }
    return null;
  }

  /** Latest episode per (type, source); changed by the steps. */
  SortedMap<Mismatch.Key, Mismatch> episodes() {
    return episodes;
  }

  /** A report arrived. */
  void event(Event event, long atMs) {
    for (SourceView view : views) {
      if (view.rule().name().equals(event.source())) {
        view.own(event);
      } else {
        view.other(event);
      }
    }
    if (SeverityScale.isLarger(
        event.amountMinor(), event.currency(), largestAmountMinor, largestCurrency)) {
      largestAmountMinor = event.amountMinor();
      largestCurrency = event.currency();
    }
    settle(atMs);
  }

  /** A source's deadline passed. */
  void tick(SourceView view, long atMs) {
    view.tick();
    settle(atMs);
  }

  private void settle(long atMs) {
    SortedMap<Mismatch.Key, Mismatch> now = new TreeMap<>();
    for (SourceView view : views) {
      collect(view, atMs, now);
    }
    if (now.isEmpty() && episodes.isEmpty()) {
      return;
    }
    for (Mismatch.Key key : List.copyOf(episodes.keySet())) {
      Mismatch before = episodes.get(key);
      if (before != null && before.isOpen() && !now.containsKey(key)) {
        boolean late = key.type() == MismatchType.MISSING;
        episodes.put(key, before.closed(atMs, late ? Mismatch.LATE_ARRIVAL : Mismatch.EVIDENCE));
      }
    }
    now.forEach(
        (key, found) -> {
          Mismatch before = episodes.get(key);
          if (before != null && before.isOpen()) {
            episodes.put(key, found.openedAt(before.openedAtMs()));
          } else {
            episodes.put(key, found);
          }
        });
  }

  private void collect(SourceView view, long atMs, SortedMap<Mismatch.Key, Mismatch> now) {
    SourceRule source = view.rule();
    String missing = rules.rules().missing();
    if (missing != null && view.isExpected() && view.hasTicked() && view.event() == null) {
      put(now, source, MismatchType.MISSING, missing, "source", source.name(), null, atMs);
    }
    String unexpected = rules.rules().unexpected();
    if (unexpected != null && view.isUnexpected() && view.hasReported()) {
      put(now, source, MismatchType.UNEXPECTED, unexpected, "source", null, source.name(), atMs);
    }
    String duplicate = rules.rules().duplicate();
    FieldDifference twice = view.duplicate();
    if (duplicate != null && twice != null) {
      put(
          now,
          source,
          MismatchType.DUPLICATE,
          duplicate,
          twice.field(),
          twice.expected(),
          twice.actual(),
          atMs);
    }
    Event expected = reference.comparable();
    Event actual = view.comparable();
    if (view != reference && expected != null && actual != null) {
      compare(view, expected, actual, atMs, now);
    }
  }

  private void compare(
      SourceView view,
      Event expected,
      Event actual,
      long atMs,
      SortedMap<Mismatch.Key, Mismatch> now) {
    boolean sameCurrency = expected.currency().equals(actual.currency());
    for (Rule rule : rules.rules().comparisons()) {
      if (rule.type() == MismatchType.AMOUNT && !sameCurrency) {
        continue; // amounts in two currencies cannot be compared
      }
      Rule.Difference difference = rule.compare(expected, actual);
      if (difference != null) {
        String source = view.rule().name();
        Long delta = difference.delta();
        Mismatch found =
            new Mismatch(
                rule.type(),
                source,
                difference.field(),
                difference.expected(),
                difference.actual(),
                delta,
                difference.tolerance(),
                difference.currency(),
                versioned(rule.name()),
                List.of(reference.rule().name(), source),
                rule.type() == MismatchType.AMOUNT && delta != null
                    ? SeverityScale.of(rule.type(), delta, expected.currency())
                    : SeverityScale.of(rule.type(), stakeMinor(), stakeCurrency()),
                atMs,
                Event.NONE,
                null);
        now.putIfAbsent(found.key(), found);
      }
    }
  }

  private void put(
      SortedMap<Mismatch.Key, Mismatch> now,
      SourceRule source,
      MismatchType type,
      String rule,
      String field,
      @Nullable String expected,
      @Nullable String actual,
      long atMs) {
    Mismatch found =
        new Mismatch(
            type,
            source.name(),
            field,
            expected,
            actual,
            null,
            null,
            null,
            versioned(rule),
            List.of(source.name()),
            SeverityScale.of(type, stakeMinor(), stakeCurrency()),
            atMs,
            Event.NONE,
            null);
    now.putIfAbsent(found.key(), found);
  }

  private long stakeMinor() {
    Event event = reference.event();
    return event != null ? event.amountMinor() : largestAmountMinor;
  }

  private String stakeCurrency() {
    Event event = reference.event();
    return event != null ? event.currency() : largestCurrency;
  }

  private String versioned(String rule) {
    return rule + '@' + rules.version();
  }
}
