@NullMarked
package dev.tallystick.storage;

import org.jspecify.annotations.NullMarked;
