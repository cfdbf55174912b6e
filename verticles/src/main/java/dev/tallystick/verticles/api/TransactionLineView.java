package dev.tallystick.verticles.api;

import dev.tallystick.core.model.State;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.storage.read.TransactionLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A transaction in one line: as an item of a list, and as its state alone. */
final class TransactionLineView {

  private TransactionLineView() {}

  static JsonObject item(TransactionLine line) {
    return new JsonObject()
        .put("txn_id", line.txnId())
        .put("reconciliation", line.reconciliation())
        .put("partition", line.partition())
        .put("state", line.state().name())
        .put("label", line.label())
        .put("mismatches", Json.names(line.open()))
        .put("amount", line.amountMinor())
        .put("currency", line.currency())
        .put("version", line.version())
        .put("rule_version", line.ruleVersion())
        .put("first_arrival", Json.time(line.firstArrivalMs()))
        .put("next_deadline", Json.time(line.nextDeadlineMs()))
        .put("updated_at", Json.time(line.updatedAtMs()));
  }

  static JsonObject state(TransactionLine line) {
    return new JsonObject()
        .put("txn_id", line.txnId())
        .put("reconciliation", line.reconciliation())
        .put("state", line.state().name())
        .put("label", line.label())
        .put("mismatches", Json.names(line.open()))
        .put("version", line.version())
        .put("updated_at", Json.time(line.updatedAtMs()));
  }

  /** One that has no row yet. */
  static JsonObject state(Arrived arrived) {
    Reconciliation rules = arrived.rules();
    return new JsonObject()
        .put("txn_id", arrived.txnId())
        .put("reconciliation", rules.name())
        .put("state", State.PENDING.name())
        .put("label", arrived.standing().waiting())
        .put("mismatches", new JsonArray())
        .put("version", 0)
        .putNull("updated_at");
  }
}
