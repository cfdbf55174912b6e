package dev.tallystick.simulator.workload;

import java.util.List;

/** What is injected: at most one per transaction (contracts, section 1). */
public enum FaultKind {
  /** One source reports another amount, outside every tolerance. */
  AMOUNT,
  /** One source reports another final status. */
  STATUS,
  CURRENCY,
  ACCOUNT,
  /** One source reports a time outside the tolerance. */
  TIMESTAMP,
  /** One expected source never reports. */
  MISSING,
  /** One source reports the same business event again under another event id. */
  DUPLICATE,
  /** One source sends the identical report twice: counted, no mismatch. */
  REDELIVERY,
  /** One source reports after its deadline: MISSING opens and closes with LATE_ARRIVAL. */
  LATE,
  /** Unusual order, which changes nothing. */
  REORDERED,
  /** One more record under the transaction's key that is no event: a dead letter. */
  POISON;

  /** In the order in which they take turns. */
  static final List<FaultKind> ALL = List.of(values());
}
