package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import java.util.SortedMap;

/**
 * One reconciliation in figures, all from one snapshot.
 *
 * @param watermarkMs the earliest partition's, log time in epoch milliseconds; {@link Event#NONE}
 *     while a partition that was ever claimed has none
 * @param recordsRead by source, summed over the partitions; only ever grows
 * @param seq partition → number of its newest change
 */
public record ReconciliationFigures(
    String reconciliation,
    TransactionStats transactions,
    MismatchStats mismatches,
    long watermarkMs,
    SortedMap<String, Long> recordsRead,
    SortedMap<Integer, Long> seq) {}
