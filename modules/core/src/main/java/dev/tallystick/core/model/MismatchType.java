package dev.tallystick.core.model;

/** The eight kinds of disagreement, worst first: the worst open one gives the label. */
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
