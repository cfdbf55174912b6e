/**
 * What the verticles say to each other, and where: the only place that knows an address. Messages
 * are immutable and stay on the node, so they pass the bus as they are, one per batch. Read {@link
 * dev.tallystick.protocol.Addresses} first.
 */
@NullMarked
package dev.tallystick.protocol;

import org.jspecify.annotations.NullMarked;
