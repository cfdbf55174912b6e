/**
 * The field's words as values: events, mismatches, verdicts, and the records they were read from.
 * Immutable, usable on any thread. Read {@link dev.tallystick.core.model.Event} first, then {@code
 * dev.tallystick.core.judge}.
 */
@NullMarked
package dev.tallystick.core.model;

import org.jspecify.annotations.NullMarked;
