/** The arithmetic of log time. No clock is read here: every moment is an argument. */
@NullMarked
package dev.tallystick.core.time;

import org.jspecify.annotations.NullMarked;
