package dev.tallystick.core.engine;

import java.util.List;
import java.util.Map;

/**
 * What taking over a partition returns: the progress, not the state (protocol, section 1).
 *
 * @param epoch ours from now on; one more than the former owner's
 * @param positions per source, {@code operator} included
 * @param seq number of the last stored change
 * @param publishedTo number up to which a former owner surely published
 * @param storedWatermarkMs watermark of the last commit, or {@link
 *     dev.tallystick.core.model.Event#NONE}; never judged with
 * @param unpublished stored changes above {@code publishedTo}, by seq
 */
public record Claim(
    long epoch,
    Map<String, SourcePosition> positions,
    long seq,
    long publishedTo,
    long storedWatermarkMs,
    List<Notice> unpublished) {}
