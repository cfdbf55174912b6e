/**
 * One partition, sans I/O: inputs in, outputs out, no clock and no chance (protocol page). Owned by
 * one caller at a time. Read {@link dev.tallystick.core.engine.Input} and {@link
 * dev.tallystick.core.engine.Output} first, then {@link
 * dev.tallystick.core.engine.PartitionEngine}.
 */
@NullMarked
package dev.tallystick.core.engine;

import org.jspecify.annotations.NullMarked;
