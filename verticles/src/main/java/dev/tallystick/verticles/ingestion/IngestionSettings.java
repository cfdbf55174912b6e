package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.rules.Rulebook;
import java.util.Map;

/**
 * @param kafka client properties common to consumer and admin client, {@code bootstrap.servers}
 *     among them
 * @param skewMs see {@link dev.tallystick.core.time.SourceTime}
 * @param recordSkewMs for topics with log-append time
 * @param createSkewMs for topics with producer time
 */
public record IngestionSettings(
    Rulebook rulebook,
    Map<String, Object> kafka,
    long skewMs,
    long recordSkewMs,
    long createSkewMs) {}
