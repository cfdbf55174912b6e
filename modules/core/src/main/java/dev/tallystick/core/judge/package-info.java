/**
 * The verdict as a pure function of events, rules and the time proven (architecture, section 2;
 * protocol, section 2). No state, any thread. {@link dev.tallystick.core.judge.Reconciler} is the
 * door; its story test reads as a story.
 */
@NullMarked
package dev.tallystick.core.judge;

import org.jspecify.annotations.NullMarked;
