/**
 * Rule definitions as values: sources, conditions, tolerances, versions. Text is parsed elsewhere;
 * here is what it means. Immutable, usable on any thread.
 */
@NullMarked
package dev.tallystick.core.rules;

import org.jspecify.annotations.NullMarked;
