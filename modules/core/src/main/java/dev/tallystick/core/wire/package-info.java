/** Texts whose bytes matter: what is hashed, stored or sent as it stands. */
@NullMarked
package dev.tallystick.core.wire;

import org.jspecify.annotations.NullMarked;
