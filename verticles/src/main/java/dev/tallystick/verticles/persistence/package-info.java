/** The way into PostgreSQL: group commit, claims, due rows. One event loop, a few connections. */
@NullMarked
package dev.tallystick.verticles.persistence;

import org.jspecify.annotations.NullMarked;
