package dev.tallystick.simulator.workload;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything transaction {@code index} of a seed does, and what is wrong with it.
 *
 * @param kind null: nothing is wrong
 * @param source that the fault is about; null without a fault
 * @param poison null for every other kind
 * @param records by delay, late ones last
 * @param slaMs by source of its reconciliation, milliseconds
 */
public record TransactionPlan(
    long seed,
    long index,
    String txnId,
    String reconciliation,
    @Nullable FaultKind kind,
    @Nullable String source,
    @Nullable Poison poison,
    List<PlannedRecord> records,
    Map<String, Long> slaMs) {}
