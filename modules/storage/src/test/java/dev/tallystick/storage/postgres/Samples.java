package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.TransactionRow.Tally;
import dev.tallystick.core.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Ready-made values; times count from {@link #T0}. */
public final class Samples {

  public static final long T0 = Instant.parse("2025-12-18T10:15:30Z").toEpochMilli();

  private Samples() {}

  public static Event event(String txnId, String source, long offset, long amountMinor) {
    ContentHash content = new ContentHash(txnId.hashCode(), source.hashCode(), offset, amountMinor);
    return new Event(
        txnId,
        source,
        content.toHex(),
        content,
        "PAYMENT_CAPTURED",
        "SUCCESS",
        amountMinor,
        "INR",
        null,
        null,
        T0 + offset,
        null,
        null,
        Event.NONE,
        Map.of(),
        null,
        offset,
        T0 + offset);
  }

  /** A row as it is first written; its tallies say what its events say. */
  public static TransactionRow row(
      String txnId, State state, List<Event> events, Mismatch... mismatches) {
    List<Mismatch> sorted =
        List.of(mismatches).stream().sorted(Comparator.comparing(Mismatch::key)).toList();
    MismatchType worst =
        sorted.stream()
            .filter(Mismatch::isOpen)
            .map(Mismatch::type)
            .sorted()
            .findFirst()
            .orElse(null);
    Map<String, Tally> tallies = new TreeMap<>();
    events.forEach(event -> tallies.put(event.source(), new Tally(event.offset(), 0)));
    long firstArrivalMs = events.isEmpty() ? Event.NONE : events.getFirst().recordedAtMs();
    return new TransactionRow(
        txnId,
        1,
        events,
        tallies,
        false,
        new Verdict(
            state,
            state.name(),
            worst,
            sorted,
            firstArrivalMs,
            state == State.PENDING && !events.isEmpty() ? firstArrivalMs + 60_000 : Event.NONE,
            1,
            state == State.OVERDUE ? List.of("bank", "gateway") : List.of(),
            events.isEmpty() ? Event.NONE : events.getFirst().amountMinor(),
            events.isEmpty() ? "" : "INR"));
  }

  public static TransactionRow version(TransactionRow row, long version) {
    return new TransactionRow(
        row.txnId(), version, row.events(), row.tallies(), row.overflow(), row.verdict());
  }

  public static Mismatch amount(String source, long expected, long actual) {
    return new Mismatch(
        MismatchType.AMOUNT,
        source,
        "amount",
        Long.toString(expected),
        Long.toString(actual),
        actual - expected,
        0L,
        "INR",
        "amount@1",
        List.of("gateway", source),
        Severity.HIGH,
        T0,
        Event.NONE,
        null);
  }

  public static Mismatch missing(String source) {
    return new Mismatch(
        MismatchType.MISSING,
        source,
        "event",
        null,
        null,
        null,
        null,
        null,
        "missing@1",
        List.of("gateway", source),
        Severity.MEDIUM,
        T0 + 60_000,
        Event.NONE,
        null);
  }

  public static RawRecord raw(long offset, String key, @Nullable String value) {
    return new RawRecord(
        offset,
        T0 + offset,
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8),
        List.of());
  }
}
