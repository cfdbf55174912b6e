/**
 * Coordinated producers for any set of definitions, with injected faults and the ground truth
 * (requirements, I). {@link dev.tallystick.simulator.workload.Workload} is pure: what transaction n
 * of a seed does. {@link dev.tallystick.simulator.workload.Simulation} sends it on a thread of its
 * own and owns the truth file. Read those two, then {@link
 * dev.tallystick.simulator.workload.SimulationLoop}.
 */
@NullMarked
package dev.tallystick.simulator.workload;

import org.jspecify.annotations.NullMarked;
