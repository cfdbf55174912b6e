package dev.tallystick.core.model;

/** Why a record could not become an event (contracts, section 3). */
public enum DeadLetterReason {
  NOT_JSON,
  MISSING_FIELD,
  BAD_VALUE,
  UNKNOWN_SOURCE,
  UNKNOWN_CURRENCY,
  FRACTIONAL_AMOUNT,
  NO_KEY,
  KEY_MISMATCH,
  TOO_LARGE,
  SCHEMA_UNKNOWN,
  SCHEMA_INCOMPATIBLE,
  NO_RECONCILIATION,
  TOO_MANY_EVENTS
}
