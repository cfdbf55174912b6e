package dev.tallystick.simulator.definition;

/** The eight kinds of disagreement, worst first (contracts, section 3, "Worst first"). */
public enum MismatchType {
  CURRENCY,
  AMOUNT,
  STATUS,
  ACCOUNT,
  DUPLICATE,
  UNEXPECTED,
  TIMESTAMP,
  MISSING
}
