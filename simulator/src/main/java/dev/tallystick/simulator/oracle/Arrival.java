package dev.tallystick.simulator.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A kept event with its arrival: the largest record timestamp among the transaction's kept events
 * of the same source up to its offset (protocol, section 2, "Order").
 */
record Arrival(Report report, long ms) {

  boolean isCommand() {
    return report.command() != null;
  }

  static List<Arrival> order(Kept kept) {
    List<Arrival> order = new ArrayList<>();
    for (List<Report> events : kept.events().values()) {
      long latestMs = Long.MIN_VALUE;
      for (Report event : events) {
        latestMs = Math.max(latestMs, event.recordedAtMs());
        order.add(new Arrival(event, latestMs));
      }
    }
    order.sort(
        Comparator.comparingLong(Arrival::ms)
            .thenComparing(a -> a.report().source())
            .thenComparing(a -> a.report().topic())
            .thenComparingInt(a -> a.report().partition())
            .thenComparingLong(a -> a.report().offset()));
    return order;
  }
}
