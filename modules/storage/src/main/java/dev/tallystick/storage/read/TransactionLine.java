package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in one line. Times are epoch milliseconds.
 *
 * @param open types of its open mismatches, worst first, each once
 * @param amountMinor minor units of {@code currency}; both are null while there are only commands
 * @param firstArrivalMs log time, or {@link Event#NONE} while there are only commands
 * @param nextDeadlineMs log time, or {@link Event#NONE} when nothing is awaited
 * @param updatedAtMs when this version was committed, by the writer's clock
 */
public record TransactionLine(
    String txnId,
    String reconciliation,
    int partition,
    State state,
    String label,
    List<MismatchType> open,
    @Nullable Long amountMinor,
    @Nullable String currency,
    long version,
    int ruleVersion,
    long firstArrivalMs,
    long nextDeadlineMs,
    long updatedAtMs) {}
