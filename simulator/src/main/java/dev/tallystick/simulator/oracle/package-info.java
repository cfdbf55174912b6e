/**
 * A naive second implementation of the judgement: contracts section 3 and protocol section 2 in the
 * plainest code, sharing nothing with the engine. Owns decoding, identity, order and fold. Pure,
 * usable on any thread. Read {@link dev.tallystick.simulator.oracle.Oracle}, then {@link
 * dev.tallystick.simulator.oracle.Fold}.
 */
@NullMarked
package dev.tallystick.simulator.oracle;

import org.jspecify.annotations.NullMarked;
