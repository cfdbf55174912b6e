package dev.tallystick.core.engine;

import java.util.Set;

/**
 * Limits of one partition.
 *
 * @param openMax transactions held in memory
 * @param materializeAfterMs a transaction still open after this appears as a row
 * @param maxEvents events kept per transaction and source; at least 1
 * @param commitMax records absorbed and not yet in a commit; past it the partition pauses
 * @param dueMax stored rows read per query for due rows
 * @param settledMax settled transactions kept for the next event about them, least recently used
 *     leave first
 * @param progressAfterMs a commit without any transaction waits this long for company
 * @param keeps sources whose topic this reconciliation archives
 */
public record EngineSettings(
    int openMax,
    long materializeAfterMs,
    int maxEvents,
    int commitMax,
    int dueMax,
    int settledMax,
    long progressAfterMs,
    Set<String> keeps) {

  /** The defaults of the configuration. */
  public static EngineSettings defaults(Set<String> keeps) {
    return new EngineSettings(50_000, 2_000, 100, 20_000, 1_000, 1_000, 1_000, keeps);
  }
}
