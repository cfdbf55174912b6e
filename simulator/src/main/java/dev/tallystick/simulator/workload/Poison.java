package dev.tallystick.simulator.workload;

import java.util.List;

/** Ways in which a record is no event; the names are the dead letters' reasons. */
public enum Poison {
  NOT_JSON,
  MISSING_FIELD,
  FRACTIONAL_AMOUNT,
  UNKNOWN_CURRENCY,
  KEY_MISMATCH,
  UNKNOWN_SOURCE;

  /** In the order in which they take turns. */
  static final List<Poison> ALL = List.of(values());
}
