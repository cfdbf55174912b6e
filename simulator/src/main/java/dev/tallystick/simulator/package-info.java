@NullMarked
package dev.tallystick.simulator;

import org.jspecify.annotations.NullMarked;
