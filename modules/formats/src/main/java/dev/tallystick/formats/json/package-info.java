/**
 * JSON records, read in a stream from the record's own bytes (contracts, section 3): reports of
 * sources, commands of operators, and the canonical text whose hash says what a report states.
 * Every decoder here belongs to one thread. Read {@link
 * dev.tallystick.formats.json.JsonRecordDecoder} for the order of the checks, then {@link
 * dev.tallystick.formats.json.JsonEventDecoder}.
 */
@NullMarked
package dev.tallystick.formats.json;

import org.jspecify.annotations.NullMarked;
