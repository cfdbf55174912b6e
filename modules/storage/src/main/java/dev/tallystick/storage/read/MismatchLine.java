package dev.tallystick.storage.read;

import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.State;

/**
 * A mismatch and what is to be known of its transaction.
 *
 * @param version of the transaction
 * @param id contracts, section 4
 * @param mismatch its severity has the age step
 */
public record MismatchLine(
    String reconciliation,
    int partition,
    String txnId,
    State state,
    String label,
    long version,
    String id,
    Mismatch mismatch) {}
