package dev.tallystick.core.model;

import java.util.List;
import java.util.Map;

/**
 * A transaction as PostgreSQL holds it.
 *
 * @param version 1 for the first write, one more with each
 * @param events kept events in the order of (source, offset)
 * @param tallies per source that has been read; every record of the transaction up to a source's
 *     {@code seenTo} is in this row, in a dead letter or in a counter, and none beyond it
 * @param overflow some source reported more events than are kept
 */
public record TransactionRow(
    String txnId,
    long version,
    List<Event> events,
    Map<String, Tally> tallies,
    boolean overflow,
    Verdict verdict) {

  /**
   * @param seenTo highest offset of this transaction that the row accounts for
   * @param redeliveries identical reports that were counted and not kept
   */
  public record Tally(long seenTo, int redeliveries) {}
}
