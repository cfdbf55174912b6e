/**
 * What browsers hear: the news of all nodes, conflated once per node and address, and written to
 * the sockets through Vert.x' SockJS event-bus bridge. Owns the browser addresses of {@link
 * dev.tallystick.protocol.Addresses#BROWSER} and the sockets of this node; a browser may send
 * nothing.
 *
 * <p>Two threads: {@link dev.tallystick.verticles.bridge.BridgeVerticle} conflates on its own event
 * loop, {@code BrowserSockets} lives on the event loop of the HTTP server that mounts it; they
 * speak through the bus. Read {@code MismatchConflation} next.
 */
@NullMarked
package dev.tallystick.verticles.bridge;

import org.jspecify.annotations.NullMarked;
