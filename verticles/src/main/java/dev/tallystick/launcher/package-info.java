@NullMarked
package dev.tallystick.launcher;

import org.jspecify.annotations.NullMarked;
