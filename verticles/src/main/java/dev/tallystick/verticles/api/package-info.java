/**
 * The read side of the REST API, its contract, and the files that browsers load. It owns no state
 * but figures that are being read at this moment; every answer is read from PostgreSQL, and what
 * has no row yet from the memory of its partition's owner, by message. Runs on the event loop of
 * the HTTP port. The contract is {@code api/openapi.yaml}, written before this; read it first, then
 * {@link dev.tallystick.verticles.api.ApiVerticle}, {@link
 * dev.tallystick.verticles.api.TransactionView}.
 */
@NullMarked
package dev.tallystick.verticles.api;

import org.jspecify.annotations.NullMarked;
