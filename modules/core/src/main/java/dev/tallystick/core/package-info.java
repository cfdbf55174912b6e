@NullMarked
package dev.tallystick.core;

import org.jspecify.annotations.NullMarked;
