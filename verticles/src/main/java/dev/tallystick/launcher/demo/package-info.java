/**
 * What the demo adds to a node: a simulation, counts that come from PostgreSQL and never from
 * memory, the wait for everything to be judged, and the report. All on the main thread, except for
 * the simulation's own. Start with {@link dev.tallystick.launcher.demo.Demo}.
 */
@NullMarked
package dev.tallystick.launcher.demo;

import org.jspecify.annotations.NullMarked;
