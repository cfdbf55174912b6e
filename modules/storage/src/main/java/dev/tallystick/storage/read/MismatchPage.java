package dev.tallystick.storage.read;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Page} that can be joined with the stream of changes.
 *
 * @param seq number of the last change that the items show, by {@code reconciliation/partition}; of
 *     the reconciliation asked for, else of all
 */
public record MismatchPage(
    List<MismatchLine> items, @Nullable String next, long asOfMs, SortedMap<String, Long> seq) {}
