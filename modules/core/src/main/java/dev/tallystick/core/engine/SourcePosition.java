package dev.tallystick.core.engine;

/**
 * Where a source stands in a partition's progress row.
 *
 * @param position next offset to read: the smallest offset whose event is in no durable row, dead
 *     letter or counter, or the end of what was absorbed
 * @param archivedTo records below it are archived and counted; never behind {@code position}
 */
public record SourcePosition(long position, long archivedTo) {}
