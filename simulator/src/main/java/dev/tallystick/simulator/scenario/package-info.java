/**
 * Scenarios: what a payment's systems report, step by step, and what is expected to be said about
 * it (contracts, section 7). It owns the text of a scenario, the runs and their results; it knows a
 * node by its HTTP routes and topics only, as any client would. Every run has a virtual thread of
 * its own; everything public is usable on any thread, and reading or starting a scenario may block
 * for a moment. Start with {@link dev.tallystick.simulator.scenario.Scenario} and {@code
 * resources/scenarios}, then {@link dev.tallystick.simulator.scenario.ScenarioRunner}.
 */
@NullMarked
package dev.tallystick.simulator.scenario;

import org.jspecify.annotations.NullMarked;
