/**
 * Recomputes every verdict from the log and compares it with what PostgreSQL holds (contracts,
 * section 1, "verify"), and counts what a demo detected against the ground truth. Owns no state
 * that outlives a run; each run belongs to one thread. Read {@link
 * dev.tallystick.simulator.verify.Verifier}, then {@link
 * dev.tallystick.simulator.verify.PartitionCheck}.
 */
@NullMarked
package dev.tallystick.simulator.verify;

import org.jspecify.annotations.NullMarked;
