package dev.tallystick.core.judge;

import dev.tallystick.core.model.Event;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The order in which a transaction's events count: (arrival, source, offset). Within one topic
 * partition the offset decides, so an event's arrival is the largest record timestamp among the
 * transaction's kept events of its source up to it: a timestamp that steps back cannot overtake.
 */
final class Arrivals {

  /** An event and when it counts as arrived, in log time. */
  record Arrived(Event event, long atMs) {}

  private static final Comparator<Event> BY_OFFSET =
      Comparator.comparing(Event::source).thenComparingLong(Event::offset);
  private static final Comparator<Arrived> IN_ORDER =
      Comparator.comparingLong(Arrived::atMs)
          .thenComparing(arrived -> arrived.event().source())
          .thenComparingLong(arrived -> arrived.event().offset());

  private Arrivals() {}

  /**
   * @param kept events of one transaction in any order, no identical reports, none over the bound
   */
  static Arrived[] inOrder(Collection<Event> kept) {
    Event[] events = kept.toArray(Event[]::new);
    Arrays.sort(events, BY_OFFSET);
    Arrived[] arrived = new Arrived[events.length];
    Map<String, Long> latestMs = new HashMap<>();
    for (int i = 0; i < events.length; i++) {
      long atMs = latestMs.merge(events[i].source(), events[i].recordedAtMs(), Math::max);
      arrived[i] = new Arrived(events[i], atMs);
    }
    Arrays.sort(arrived, IN_ORDER);
    return arrived;
  }

  /** First arrival of a report, or {@link Event#NONE}; commands are not arrivals. */
  static long firstMs(Arrived[] inOrder) {
    for (Arrived arrived : inOrder) {
      if (!arrived.event().isCommand()) {
        return arrived.atMs();
      }
    }
    return Event.NONE;
  }
}
