package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.workload.FaultKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Truth against PostgreSQL at one moment (contracts, section 1, demo result).
 *
 * @param planned transactions of the workload
 * @param states state → transactions, of the whole database; every state is there
 * @param missed injected faults that are due and not detected
 * @param falseFindings mismatches and dead letters on the workload's transactions that the truth
 *     does not expect
 * @param redeliveries counted by the engine, of the whole database; -1: not counted in a progress
 * @param firstFalse the first unexpected one, or the first missed one
 */
public record Score(
    long planned,
    Map<String, Long> states,
    Map<FaultKind, Long> injected,
    Map<FaultKind, Long> detected,
    long missed,
    long falseFindings,
    long deadLetters,
    long redeliveries,
    @Nullable String firstFalse) {

  public long transactions() {
    return states.values().stream().mapToLong(Long::longValue).sum();
  }

  public long pending() {
    return states.getOrDefault("PENDING", 0L);
  }

  public boolean ok() {
    return missed == 0 && falseFindings == 0;
  }
}
