/**
 * Real Kafka, PostgreSQL and Redis on this machine, from Maven artifacts alone.
 *
 * <p>It owns three subdirectories of a data directory ({@code kafka}, {@code postgres}, {@code
 * redis}), their locks and the processes that work in them. Everything survives a restart on the
 * same directory, and a killed run too: what it left running is stopped at the next start, data
 * committed by then is there.
 *
 * <p>Threads: the Kafka broker lives in this JVM on about a hundred threads of its own; PostgreSQL
 * and Redis are processes in sessions of their own, so that Ctrl-C in a terminal reaches the engine
 * only, which then stops them last. All calls block; none belongs on an event loop. There are no
 * shutdown hooks: whoever starts, closes.
 *
 * <p>Read next: {@link dev.tallystick.embedded.EmbeddedServices}, then {@link
 * dev.tallystick.embedded.fault.TcpFault}.
 */
@NullMarked
package dev.tallystick.embedded;

import org.jspecify.annotations.NullMarked;
