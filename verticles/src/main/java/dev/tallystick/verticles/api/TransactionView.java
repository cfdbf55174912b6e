package dev.tallystick.verticles.api;

import dev.tallystick.core.judge.Standing;
import dev.tallystick.core.judge.Standing.SourceStanding;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.storage.read.StoredTransaction;
import dev.tallystick.storage.read.TransactionLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One transaction with everything that is known of it: verdict, comparison, events, story. What a
 * source's value is comes from {@link Standing}, which walks as the judge does; what is wrong comes
 * from the row alone.
 */
final class TransactionView {

  private static final Comparator<Event> BY_ARRIVAL =
      Comparator.comparingLong(Event::recordedAtMs)
          .thenComparing(Event::source)
          .thenComparingLong(Event::offset);

  private TransactionView() {}

  /**
   * @param rulebook of its reconciliation
   */
  static JsonObject of(StoredTransaction stored, Rulebook rulebook) {
    TransactionLine line = stored.line();
    Verdict verdict = stored.row().verdict();
    Reconciliation version = rulebook.version(verdict.ruleVersion());
    Reconciliation rules = version == null ? rulebook.newest() : version;
    List<Event> events = stored.row().events();
    Standing standing = Standing.of(events, rules);
    JsonArray mismatches = new JsonArray();
    for (Mismatch mismatch : verdict.mismatches()) {
      mismatches.add(MismatchView.of(line.reconciliation(), line.txnId(), mismatch));
    }
    return new JsonObject()
        .put("txn_id", line.txnId())
        .put("reconciliation", line.reconciliation())
        .put("partition", line.partition())
        .put("state", line.state().name())
        .put("label", line.label())
        .put("version", line.version())
        .put("updated_at", Json.time(line.updatedAtMs()))
        .put("amount", line.amountMinor())
        .put("currency", line.currency())
        .put("first_arrival", Json.time(line.firstArrivalMs()))
        .put("reference", rules.reference().name())
        .put("rule_version", line.ruleVersion())
        .put("deadlines", deadlines(standing))
        .put("mismatches", mismatches)
        .put("matrix", MatrixView.of(standing, verdict.mismatches()))
        .put("events", events(events, stored.topics(), rulebook, line.partition()))
        .put("timeline", Timeline.of(events, standing, verdict.ticked(), stored.history()));
  }

  /** One that has no row yet: nothing has been judged. */
  static JsonObject of(Arrived arrived) {
    Standing standing = arrived.standing();
    Event shown = standing.amountShown();
    return new JsonObject()
        .put("txn_id", arrived.txnId())
        .put("reconciliation", arrived.rules().name())
        .put("partition", arrived.partition())
        .put("state", State.PENDING.name())
        .put("label", standing.waiting())
        .put("version", 0)
        .putNull("updated_at")
        .put("amount", shown == null ? null : shown.amountMinor())
        .put("currency", shown == null ? null : shown.currency())
        .put("first_arrival", Json.time(standing.firstArrivalMs()))
        .put("reference", arrived.rules().reference().name())
        .putNull("rule_version")
        .put("deadlines", deadlines(standing))
        .put("mismatches", new JsonArray())
        .put("matrix", MatrixView.of(standing, List.of()))
        .put("events", events(arrived.events(), Map.of(), arrived.rulebook(), arrived.partition()))
        .put("timeline", Timeline.of(arrived.events(), standing, List.of(), List.of()));
  }

  /** Of the sources that something is awaited of. */
  private static JsonObject deadlines(Standing standing) {
    JsonObject deadlines = new JsonObject();
    for (SourceStanding source : standing.sources()) {
      if (source.expected() && !source.complete() && source.deadlineMs() != Event.NONE) {
        deadlines.put(source.rule().name(), Json.time(source.deadlineMs()));
      }
    }
    return deadlines;
  }

  /**
   * @param claimed topic by source as they were when the partition was claimed; the definition
   *     answers for the rest
   */
  private static JsonArray events(
      Collection<Event> events, Map<String, String> claimed, Rulebook rulebook, int partition) {
    Map<String, String> defined = rulebook.topics();
    JsonArray json = new JsonArray();
    events.stream()
        .sorted(BY_ARRIVAL)
        .forEach(
            event -> {
              String topic = claimed.get(event.source());
              json.add(
                  EventView.of(
                      event, topic == null ? defined.get(event.source()) : topic, partition));
            });
    return json;
  }
}
