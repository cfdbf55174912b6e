package dev.tallystick.verticles.api;

import dev.tallystick.core.engine.MismatchJson;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.storage.read.MismatchLine;
import io.vertx.core.json.JsonObject;

/** A mismatch as browsers receive it over the bus (contracts, section 4), and as a list's item. */
final class MismatchView {

  private MismatchView() {}

  /** In the words of the message, so that the two cannot drift apart. */
  static JsonObject of(String reconciliation, String txnId, Mismatch mismatch) {
    return new JsonObject(MismatchJson.mismatch(reconciliation, txnId, mismatch));
  }

  static JsonObject item(MismatchLine line) {
    return of(line.reconciliation(), line.txnId(), line.mismatch())
        .put("reconciliation", line.reconciliation())
        .put("partition", line.partition())
        .put("txn_id", line.txnId())
        .put("state", line.state().name())
        .put("label", line.label())
        .put("version", line.version());
  }
}
