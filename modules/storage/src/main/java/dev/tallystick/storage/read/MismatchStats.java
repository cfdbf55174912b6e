package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import java.util.List;
import java.util.SortedMap;

/**
 * How many mismatches are open. Types and severities that do not occur are left out.
 *
 * @param bySeverity with the age step
 * @param atRisk sorted by currency
 * @param oldestOpenedMs log time in epoch milliseconds, or {@link Event#NONE} when none is open
 * @param asOfMs epoch milliseconds by the database's clock
 */
public record MismatchStats(
    long open,
    SortedMap<MismatchType, Long> byType,
    SortedMap<Severity, Long> bySeverity,
    List<AtRisk> atRisk,
    long oldestOpenedMs,
    long asOfMs) {}
