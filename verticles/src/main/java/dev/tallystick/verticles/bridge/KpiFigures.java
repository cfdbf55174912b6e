package dev.tallystick.verticles.bridge;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import java.util.List;
import java.util.Map;

/**
 * One reconciliation in figures, from one snapshot.
 *
 * @param sources in the order of the definition
 * @param byState transactions; a state that is absent has none
 * @param open open mismatches
 * @param atRisk sorted by currency
 * @param oldestOpenedAtMs of the open mismatches, or {@link Event#NONE}
 * @param watermarkMs the earliest partition's, or {@link Event#NONE}
 * @param recordsRead by source, over all partitions; only ever grows
 */
public record KpiFigures(
    String reconciliation,
    List<String> sources,
    Map<State, Long> byState,
    long open,
    Map<MismatchType, Long> byType,
    Map<Severity, Long> bySeverity,
    List<AtRisk> atRisk,
    long oldestOpenedAtMs,
    long watermarkMs,
    Map<String, Long> recordsRead) {

  /**
   * @param amountMinor minor units of {@code currency}
   */
  public record AtRisk(String currency, long amountMinor) {}
}
