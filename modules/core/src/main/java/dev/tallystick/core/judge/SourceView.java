package dev.tallystick.core.judge;

import dev.tallystick.core.judge.EventFields.FieldDifference;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.core.rules.StatusVocabulary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one source has said so far in the walk, and whether it is expected to say anything. */
final class SourceView {

  private final SourceRule rule;
  private final StatusVocabulary statuses;
  private final List<Event> reports = new ArrayList<>(2);
  private @Nullable Event view;
  private boolean viewIsFinal;
  private boolean ticked;
  private boolean othersSeen;
  private boolean conditionMet;
  private @Nullable FieldDifference duplicate;

  SourceView(SourceRule rule, StatusVocabulary statuses) {
    this.rule = rule;
    this.statuses = statuses;
  }

  SourceRule rule() {
    return rule;
  }

  /** A report of this source. */
  void own(Event event) {
    if (duplicate == null) {
      duplicate = duplicateOf(event);
    }
    reports.add(event);
    if (!counts(event)) {
      return;
    }
    boolean isFinal = isFinal(event);
    if (isFinal || !viewIsFinal) {
      view =
          event; // a final status stands until another final one: a straggling PENDING is no news
      viewIsFinal = isFinal;
    }
  }

  /** A report of another source: it may be the one that makes this source expected. */
  void other(Event event) {
    othersSeen = true;
    Condition when = rule.when();
    if (when != null && !conditionMet) {
      conditionMet = when.test(event);
    }
  }

  /** Whether an event is of this source and of a type that can be its view. */
  boolean counts(Event event) {
    return rule.name().equals(event.source()) && rule.takesType(event.type());
  }

  boolean isFinal(Event event) {
    return statuses.isFinal(event.status());
  }

  /** Whether the view is final: nothing more is awaited of this source. */
  boolean isFinal() {
    return viewIsFinal;
  }

  void tick() {
    ticked = true;
  }

  boolean hasTicked() {
    return ticked;
  }

  boolean hasReported() {
    return !reports.isEmpty();
  }

  /** Without a condition, or with one that an event of another source satisfies. */
  boolean isExpected() {
    return rule.when() == null || conditionMet;
  }

  /** Other sources have reported and none of their events satisfies the condition. */
  boolean isUnexpected() {
    return rule.when() != null && othersSeen && !conditionMet;
  }

  /** The report that stands for the source; null while there is none. */
  @Nullable Event event() {
    return view;
  }

  /**
   * The view, once rules may look at it: when it is final, or its deadline has passed. What an
   * unexpected source says is compared with nothing.
   */
  @Nullable Event comparable() {
    return (viewIsFinal || ticked) && !isUnexpected() ? view : null;
  }

  @Nullable FieldDifference duplicate() {
    return duplicate;
  }

  private @Nullable FieldDifference duplicateOf(Event event) {
    for (Event earlier : reports) {
      if (earlier.eventId().equals(event.eventId())) {
        return EventFields.firstDifference(earlier, event);
      }
      if (earlier.type().equals(event.type()) && isFinal(earlier) && isFinal(event)) {
        return new FieldDifference("event_id", earlier.eventId(), event.eventId());
      }
    }
    return null;
  }
}
