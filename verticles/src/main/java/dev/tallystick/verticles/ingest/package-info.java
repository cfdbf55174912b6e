/**
 * {@code POST /events}: events from HTTP into the topics of their sources. It owns the producers
 * for that, and no rule of its own about events: what the engine would refuse is refused here, by
 * the same decoder, before it is written. Requests arrive on an event loop; they are read on one
 * worker, and producers, whose calls may block, have threads of their own. Read {@link
 * dev.tallystick.verticles.ingest.EventsRoute}, then {@link
 * dev.tallystick.verticles.ingest.EventIntake} and {@link
 * dev.tallystick.verticles.ingest.TransactionLane}.
 */
@NullMarked
package dev.tallystick.verticles.ingest;

import org.jspecify.annotations.NullMarked;
