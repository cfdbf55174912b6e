/**
 * Scenarios at a node: the routes under {@code /test/scenarios}, and what a runner needs to know of
 * a node. It owns the runner of the node, not what a scenario is ({@code
 * dev.tallystick.simulator.scenario}). Routes run on the HTTP server's event loop and leave reading
 * and writing of texts to a worker; every run has a virtual thread of its own. Start with {@link
 * dev.tallystick.launcher.scenario.ScenarioRoutes}.
 */
@NullMarked
package dev.tallystick.launcher.scenario;

import org.jspecify.annotations.NullMarked;
