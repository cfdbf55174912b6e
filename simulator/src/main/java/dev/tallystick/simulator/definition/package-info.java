/**
 * Reconciliation definitions, read a second time and independently of the engine (contracts,
 * section 5). Owns the YAML reader and the CEL conditions; everything is immutable and usable on
 * any thread. Read {@link dev.tallystick.simulator.definition.Definition} first, then {@code
 * dev.tallystick.simulator.oracle}.
 */
@NullMarked
package dev.tallystick.simulator.definition;

import org.jspecify.annotations.NullMarked;
