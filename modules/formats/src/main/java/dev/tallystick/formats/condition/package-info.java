/**
 * Conditions in CEL over one event: {@code where} and {@code when} of a definition (contracts,
 * section 5). Compiled and type-checked once, immutable afterwards, usable on any thread. Read
 * {@link dev.tallystick.formats.condition.Conditions}.
 */
@NullMarked
package dev.tallystick.formats.condition;

import org.jspecify.annotations.NullMarked;
