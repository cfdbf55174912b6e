@NullMarked
package dev.tallystick.formats;

import org.jspecify.annotations.NullMarked;
