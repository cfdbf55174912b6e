/**
 * Whether the node is well, and its figures. It owns three routes and asks the servers when it is
 * asked; on the event loop of the HTTP port. Read {@link
 * dev.tallystick.verticles.health.HealthRoutes}.
 */
@NullMarked
package dev.tallystick.verticles.health;

import org.jspecify.annotations.NullMarked;
