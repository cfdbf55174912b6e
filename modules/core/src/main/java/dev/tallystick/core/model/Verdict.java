package dev.tallystick.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction's event set says: a pure function of events, rules and the deadlines that have
 * passed. Two equal verdicts are written as equal rows.
 *
 * @param label MATCHED, RESOLVED, the worst open mismatch, or what has arrived (contracts, section
 *     3)
 * @param worst type of the worst open mismatch, null when none is open
 * @param mismatches latest episode per (type, source), sorted by that key; open and closed ones
 * @param firstArrivalMs first arrival of a report in log time; {@link Event#NONE} when there are
 *     only commands
 * @param nextDeadlineMs the earliest deadline still to be judged, or {@link Event#NONE}
 * @param ticked sources whose deadline tick has happened, sorted; a row's ticks are never taken
 *     back
 * @param amountMinor the reference's amount, else that of the first source that has one
 * @param currency of {@code amountMinor}; empty when there is none
 */
public record Verdict(
    State state,
    String label,
    @Nullable MismatchType worst,
    List<Mismatch> mismatches,
    long firstArrivalMs,
    long nextDeadlineMs,
    int ruleVersion,
    List<String> ticked,
    long amountMinor,
    String currency) {}
