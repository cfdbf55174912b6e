package dev.tallystick.storage.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list. Pages follow a key, not a count: a row whose sort key does not change while one
 * goes from page to page is seen exactly once, whatever comes and goes around it.
 *
 * @param next cursor of the page after this one; null when there was nothing more at {@code asOfMs}
 * @param asOfMs epoch milliseconds by the database's clock, at the beginning of the statement
 */
public record Page<T>(List<T> items, @Nullable String next, long asOfMs) {}
