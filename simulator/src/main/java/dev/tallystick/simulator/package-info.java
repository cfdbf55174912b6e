/**
 * The other side of the engine: what makes its input and what checks its output. It knows the pages
 * (contracts, protocol) and nothing of the engine's code, so that a bug there cannot hide here.
 * Start with {@link dev.tallystick.simulator.workload.Workload}, then {@link
 * dev.tallystick.simulator.oracle.Oracle}, then {@link dev.tallystick.simulator.verify.Verifier};
 * {@code scenario} plays single stories against a node.
 */
@NullMarked
package dev.tallystick.simulator;

import org.jspecify.annotations.NullMarked;
