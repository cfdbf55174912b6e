package dev.tallystick.core.engine;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.RawRecord;

/** A record that is in no transaction, with the reason; keyed by its position. */
public record DeadLetter(String source, RawRecord raw, DeadLetterReason reason, String detail) {}
