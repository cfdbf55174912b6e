package dev.tallystick.formats.json;

import dev.tallystick.core.model.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a record, for whoever can still correct it.
 *
 * @param reason the one a dead letter would have
 * @param pointer JSON pointer (RFC 6901) into the payload, its names shortened; empty: the record
 *     as a whole
 * @param value as written, shortened; null: there is none
 * @param why continues a sentence that begins with the value
 */
public record Refusal(
    DeadLetterReason reason, String pointer, @Nullable String value, String why) {}
