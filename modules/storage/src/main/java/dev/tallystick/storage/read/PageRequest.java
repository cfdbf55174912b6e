package dev.tallystick.storage.read;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list.
 *
 * @param limit items at most, 1 to {@value #LIMIT_MAX}
 * @param cursor {@code next} of the page before; null for the first page
 * @param oldestFirst the other direction is the exact reverse
 */
public record PageRequest(int limit, @Nullable String cursor, boolean oldestFirst) {

  public static final int LIMIT_MAX = 500;

  /**
   * @throws IllegalArgumentException for a limit out of range
   */
  public PageRequest {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("limit " + limit + " is not in 1.." + LIMIT_MAX);
    }
  }
}
