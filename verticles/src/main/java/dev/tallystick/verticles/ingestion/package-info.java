/**
 * Kafka in: one consumer thread per reconciliation that never stops polling, and the verticle that
 * owns it. {@link dev.tallystick.verticles.ingestion.ConsumerLoop} runs on its own thread, {@link
 * dev.tallystick.verticles.ingestion.IngestionVerticle} on an event loop; they meet through queues.
 */
@NullMarked
package dev.tallystick.verticles.ingestion;

import org.jspecify.annotations.NullMarked;
