package dev.tallystick.verticles.api;

import dev.tallystick.core.judge.Standing;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import java.util.List;

/**
 * A transaction that has no row yet, as the owner of its partition knows it.
 *
 * @param rules the version in force at its first arrival
 * @param events at least one
 */
record Arrived(
    String txnId, Rulebook rulebook, Reconciliation rules, int partition, List<Event> events) {

  static Arrived of(String txnId, Rulebook rulebook, int partition, List<Event> events) {
    return new Arrived(
        txnId, rulebook, rulebook.at(Standing.firstArrivalMs(events)), partition, events);
  }

  Standing standing() {
    return Standing.of(events, rules);
  }
}
