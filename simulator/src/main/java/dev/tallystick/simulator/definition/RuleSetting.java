package dev.tallystick.simulator.definition;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One line of {@code rules:}, or the default of a type without a line (contracts, section 5).
 *
 * @param name as written; the type in lower case by default
 * @param toleranceMinor minor units, for AMOUNT
 * @param toleranceBp basis points of |expected|, for AMOUNT
 * @param toleranceMs milliseconds, for TIMESTAMP
 * @param toleranceBusinessDays working days Monday to Friday in UTC, for TIMESTAMP; 0: none
 * @param fee whether a difference equal to either side's fee is none, for AMOUNT
 * @param synonyms status as reported → what it stands for, for STATUS
 * @param pending statuses that are not final, as reported, for STATUS
 */
public record RuleSetting(
    String name,
    MismatchType type,
    boolean enabled,
    long toleranceMinor,
    long toleranceBp,
    long toleranceMs,
    int toleranceBusinessDays,
    boolean fee,
    Map<String, String> synonyms,
    Set<String> pending) {

  /** Five minutes: what two clocks may differ without anyone caring. */
  public static final long DEFAULT_TIMESTAMP_TOLERANCE_MS = 300_000;

  /** What holds for a type that no line mentions. */
  public static RuleSetting defaultOf(MismatchType type) {
    return new RuleSetting(
        type.name().toLowerCase(Locale.ROOT),
        type,
        true,
        0,
        0,
        DEFAULT_TIMESTAMP_TOLERANCE_MS,
        0,
        false,
        Map.of(),
        Set.of());
  }
}
