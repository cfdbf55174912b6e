package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list of transactions or mismatches may be asked; all that is asked must hold. An empty set
 * and null are not asked.
 *
 * <p>Of a transaction, {@code types}, {@code source} and {@code severities} ask for one open
 * mismatch that satisfies them all. Of a mismatch they ask itself, and {@code states}, {@code
 * currency}, the amounts and {@code prefix} ask its transaction.
 *
 * @param states any of these
 * @param types any of these
 * @param source of the mismatch
 * @param severities any of these, with the age step
 * @param currency of the transaction's amount
 * @param minAmountMinor inclusive, compared with the transaction's amount whatever its currency; a
 *     transaction without an amount satisfies neither bound
 * @param maxAmountMinor inclusive
 * @param fromMs inclusive, epoch milliseconds of the list's sort time, or {@link Event#NONE}; what
 *     has no sort time satisfies neither
 * @param toMs exclusive, or {@link Event#NONE}
 * @param prefix of the match key
 */
public record ListFilter(
    @Nullable String reconciliation,
    Set<State> states,
    Set<MismatchType> types,
    @Nullable String source,
    Set<Severity> severities,
    @Nullable String currency,
    @Nullable Long minAmountMinor,
    @Nullable Long maxAmountMinor,
    long fromMs,
    long toMs,
    @Nullable String prefix) {

  /** Asks nothing. */
  public static final ListFilter ALL =
      new ListFilter(
          null, Set.of(), Set.of(), null, Set.of(), null, null, null, Event.NONE, Event.NONE, null);
}
