/**
 * Bytes to events, text to definitions. This package says what a decoder is and which
 * reconciliation a decoded event belongs to; the packages below it read the formats. Decoders
 * belong to one thread each, everything else is immutable. Read {@link
 * dev.tallystick.formats.EventDecoder}, then {@link dev.tallystick.formats.Membership}, then {@link
 * dev.tallystick.formats.json.JsonEventDecoder}.
 */
@NullMarked
package dev.tallystick.formats;

import org.jspecify.annotations.NullMarked;
