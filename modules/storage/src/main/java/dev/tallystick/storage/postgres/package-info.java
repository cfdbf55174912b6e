/**
 * PostgreSQL: the migrations, the claim, the fenced commit and the queries of the engine. Owns
 * every table of {@code db/migration} and nothing else; judges nothing. Everything returns futures
 * and may be called on any thread, except {@link dev.tallystick.storage.postgres.Schema}, which
 * blocks and runs once before the node starts. Read {@code V1__engine.sql} first, then {@link
 * dev.tallystick.storage.postgres.CommitStore}.
 */
@NullMarked
package dev.tallystick.storage.postgres;

import org.jspecify.annotations.NullMarked;
