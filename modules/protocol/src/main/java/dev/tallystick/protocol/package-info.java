@NullMarked
package dev.tallystick.protocol;

import org.jspecify.annotations.NullMarked;
