/**
 * What people ask of the stored rows: lists by page, one transaction with its story, figures. Owns
 * no table and writes nothing; every answer is one statement, hence one snapshot, and bounded by a
 * limit. Everything returns futures on the client's thread and may be called on any; failures of
 * the database pass through as they are. Read {@link dev.tallystick.storage.read.ListFilter} and
 * {@link dev.tallystick.storage.read.PageRequest} first, then {@link
 * dev.tallystick.storage.read.TransactionReads}; the indexes and what they are for are in {@code
 * V2__reads.sql}.
 */
@NullMarked
package dev.tallystick.storage.read;

import org.jspecify.annotations.NullMarked;
