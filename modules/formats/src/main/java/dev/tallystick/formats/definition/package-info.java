/**
 * Definitions of reconciliations: YAML of contracts, section 5, to {@link
 * dev.tallystick.core.rules.Reconciliation}. Read once at start; everything wrong is one line with
 * file, line and column. Read {@link dev.tallystick.formats.definition.DefinitionReader}.
 */
@NullMarked
package dev.tallystick.formats.definition;

import org.jspecify.annotations.NullMarked;
