package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.Times;

/** {@link ListFilter} to conditions, on {@code t}, a transaction, and {@code m}, a mismatch. */
final class Filters {

  /** Said aloud: the index on what is not matched serves only who says so. */
  private static final String NOT_MATCHED = "t.state <> 'MATCHED'";

  private Filters() {}

  static void onTransactions(Conditions where, ListFilter filter) {
    where.andText("t.reconciliation = %s::text", filter.reconciliation());
    where.andPrefix("t.txn_id", filter.prefix());
    onTransaction(where, filter);
    between(where, "t.first_arrival", filter.fromMs(), filter.toMs());
    if (filter.types().isEmpty() && filter.source() == null && filter.severities().isEmpty()) {
      return;
    }
    where.and(NOT_MATCHED);
    where.and(
        """
        exists (select from mismatches m
                 where m.reconciliation = t.reconciliation and m.partition = t.partition
                   and m.txn_id = t.txn_id and m.closed_at is null
        """);
    onMismatch(where, filter);
    where.close();
  }

  static void onMismatches(Conditions where, ListFilter filter, Openness openness) {
    where.andText("m.reconciliation = %s::text", filter.reconciliation());
    where.andPrefix("m.txn_id", filter.prefix());
    onMismatch(where, filter);
    onTransaction(where, filter);
    between(where, "m.opened_at", filter.fromMs(), filter.toMs());
    switch (openness) {
      case OPEN -> where.and("m.closed_at is null");
      case CLOSED -> where.and("m.closed_at is not null");
      case ALL -> {}
    }
  }

  private static void onTransaction(Conditions where, ListFilter filter) {
    where.andAnyOf("t.state", filter.states());
    if (!filter.states().isEmpty() && !filter.states().contains(State.MATCHED)) {
      where.and(NOT_MATCHED);
    }
    where.andText("t.currency = %s::text", filter.currency());
    Long minAmountMinor = filter.minAmountMinor();
    Long maxAmountMinor = filter.maxAmountMinor();
    if (minAmountMinor != null || maxAmountMinor != null) {
      // Without a currency the stored amount is none.
      where.and("t.currency is not null");
    }
    if (minAmountMinor != null) {
      where.and("t.amount >= %s::bigint", minAmountMinor);
    }
    if (maxAmountMinor != null) {
      where.and("t.amount <= %s::bigint", maxAmountMinor);
    }
  }

  private static void onMismatch(Conditions where, ListFilter filter) {
    where.andAnyOf("m.type", filter.types());
    where.andText("m.source = %s::text", filter.source());
    where.andAnyOf(SeverityAge.AGED, filter.severities());
  }

  static void between(Conditions where, String column, long fromMs, long toMs) {
    if (fromMs != Event.NONE) {
      where.and(column + " >= %s::timestamptz", Times.nearest(fromMs));
    }
    if (toMs != Event.NONE) {
      where.and(column + " < %s::timestamptz", Times.nearest(toMs));
    }
  }
}
