/** Rules about all modules: who may know whom. Read {@code ARCHITECTURE.md} beside it. */
@NullMarked
package dev.tallystick;

import org.jspecify.annotations.NullMarked;
