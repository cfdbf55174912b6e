/** The HTTP port: health and metrics. */
@NullMarked
package dev.tallystick.verticles.health;

import org.jspecify.annotations.NullMarked;
