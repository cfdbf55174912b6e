/** The metrics of contracts, section 8. Thread-safe. */
@NullMarked
package dev.tallystick.verticles.meters;

import org.jspecify.annotations.NullMarked;
