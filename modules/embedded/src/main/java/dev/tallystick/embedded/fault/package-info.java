/**
 * Faults on the wire between the engine and its servers, switched on and off by a test.
 *
 * <p>It owns listening sockets on the loopback interface and one set of virtual threads for each
 * connection. It knows nothing of the protocols it carries.
 */
@NullMarked
package dev.tallystick.embedded.fault;

import org.jspecify.annotations.NullMarked;
