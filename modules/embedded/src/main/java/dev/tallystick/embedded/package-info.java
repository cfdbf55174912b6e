@NullMarked
package dev.tallystick.embedded;

import org.jspecify.annotations.NullMarked;
