/** Elapsed time, and the reminder that log time is wanted. Timers never decide anything. */
@NullMarked
package dev.tallystick.verticles.timers;

import org.jspecify.annotations.NullMarked;
