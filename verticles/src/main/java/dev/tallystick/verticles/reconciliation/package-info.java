/**
 * One actor per owned partition: a socket around {@link
 * dev.tallystick.core.engine.PartitionEngine}, on one event loop.
 */
@NullMarked
package dev.tallystick.verticles.reconciliation;

import org.jspecify.annotations.NullMarked;
