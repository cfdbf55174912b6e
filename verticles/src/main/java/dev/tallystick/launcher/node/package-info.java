/**
 * One node, put together: the only place that sees all verticles. Starts them in order and stops
 * them in the reverse order, each step awaited.
 */
@NullMarked
package dev.tallystick.launcher.node;

import org.jspecify.annotations.NullMarked;
