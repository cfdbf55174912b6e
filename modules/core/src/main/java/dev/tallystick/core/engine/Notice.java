package dev.tallystick.core.engine;

import dev.tallystick.core.model.MismatchType;

/**
 * A stored change, ready to be published.
 *
 * @param seq number within the partition; a repeat carries the same
 * @param payload JSON of contracts, section 4
 */
public record Notice(long seq, MismatchType type, String payload) {}
