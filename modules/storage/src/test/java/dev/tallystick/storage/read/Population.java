package dev.tallystick.storage.read;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.storage.postgres.StoredPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Transactions by chance, with many ties, and what lists of them must say by a naive walk over all.
 */
final class Population {

  static final long HOUR_MS = Duration.ofHours(1).toMillis();
  static final List<String> RECONCILIATIONS = List.of("payments", "settlement");
  static final List<String> SOURCES = List.of("bank", "core", "gateway");
  static final List<String> CURRENCIES = List.of("INR", "JPY", "USD");

  /** With what SQL and its patterns might take for something else. */
  static final List<String> PREFIXES =
      List.of("T", "TXN", "TXN1", "TX%", "tx_", "q'", "\\", "Ü", "\uDBFF\uDFFF", "\uFFFD", "none");

  private static final int PARTITIONS = 2;

  /** By the bytes of UTF-8, as the database sorts. */
  static final Comparator<String> TEXT =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** One stored transaction. */
  record Known(String reconciliation, int partition, TransactionRow row, long updatedAtMs) {
    Verdict verdict() {
      return row.verdict();
    }

    boolean hasAmount() {
      return !verdict().currency().isEmpty();
    }
  }

  /** One stored mismatch. */
  record KnownMismatch(Known of, Mismatch mismatch) {}

  final List<Known> transactions = new ArrayList<>();
  private final Random chance;
  private final long nowMs;

  private Population(Random chance, long nowMs) {
    this.chance = chance;
    this.nowMs = nowMs;
  }

  static Population stored(Database database, long seed, long nowMs, int perPartition) {
    Population population = new Population(new Random(seed), nowMs);
    for (String reconciliation : RECONCILIATIONS) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        StoredPartition mine = database.claimed(reconciliation, partition);
        for (int i = 0; i < perPartition; i++) {
          TransactionRow row = population.row(i);
          mine.write(row);
          population.transactions.add(new Known(reconciliation, partition, row, nowMs));
        }
        database.commit(mine, nowMs);
      }
    }
    return population;
  }

  List<KnownMismatch> mismatches() {
    return transactions.stream()
        .flatMap(of -> of.verdict().mismatches().stream().map(m -> new KnownMismatch(of, m)))
        .toList();
  }

  private TransactionRow row(int i) {
    String txnId = pick(PREFIXES.subList(1, PREFIXES.size() - 1)) + "." + i;
    boolean arrived = chance.nextInt(12) > 0;
    Map<Mismatch.Key, Mismatch> mismatches = new TreeMap<>();
    for (int n = arrived ? chance.nextInt(4) : 0; n > 0; n--) {
      Mismatch mismatch = mismatch();
      mismatches.put(mismatch.key(), mismatch);
    }
    MismatchType worst =
        mismatches.values().stream()
            .filter(Mismatch::isOpen)
            .map(Mismatch::type)
            .sorted()
            .findFirst()
            .orElse(null);
    boolean onlyMissing =
        mismatches.values().stream()
            .filter(Mismatch::isOpen)
            .allMatch(mismatch -> mismatch.type() == MismatchType.MISSING);
    State state =
        worst == null
            ? pick(List.of(State.PENDING, State.MATCHED, State.RESOLVED))
            : onlyMissing ? State.OVERDUE : State.MISMATCHED;
    // Half-hours and hours apart: nothing comes of age while the test runs.
    long firstArrivalMs = arrived ? nowMs - HOUR_MS * chance.nextInt(40) : Event.NONE;
    return new TransactionRow(
        txnId,
        1,
        List.of(),
        Map.of(),
        false,
        new Verdict(
            state,
            worst == null ? state.name() : worst + "_LABEL",
            worst,
            List.copyOf(mismatches.values()),
            firstArrivalMs,
            state == State.PENDING && arrived ? firstArrivalMs + 60_000 : Event.NONE,
            1 + chance.nextInt(3),
            List.of(),
            arrived ? chance.nextInt(41) - 20 : 0,
            arrived ? pick(CURRENCIES) : ""));
  }

  private Mismatch mismatch() {
    MismatchType type = pick(List.of(MismatchType.values()));
    long openedAtMs = nowMs - HOUR_MS * chance.nextInt(48) - HOUR_MS / 2;
    // The step of a closed one is exact to the millisecond.
    boolean closed = chance.nextInt(3) == 0;
    long openMs = pick(List.of(1L, 24 * HOUR_MS - 1, 24 * HOUR_MS, 30 * HOUR_MS));
    return new Mismatch(
        type,
        pick(SOURCES),
        "field",
        "1",
        null,
        type == MismatchType.AMOUNT ? (long) (chance.nextInt(61) - 30) : null,
        0L,
        "INR",
        "rule@1",
        SOURCES,
        pick(List.of(Severity.values())),
        openedAtMs,
        closed ? openedAtMs + openMs : Event.NONE,
        closed ? Mismatch.EVIDENCE : null);
  }

  private <T> T pick(List<T> from) {
    return from.get(chance.nextInt(from.size()));
  }

  /** Open for 24 hours: one step more urgent. */
  static Severity aged(Mismatch mismatch, long asOfMs) {
    long untilMs = mismatch.isOpen() ? asOfMs : mismatch.closedAtMs();
    return untilMs - mismatch.openedAtMs() < 24 * HOUR_MS
        ? mismatch.severity()
        : switch (mismatch.severity()) {
          case CRITICAL, HIGH -> Severity.CRITICAL;
          case MEDIUM -> Severity.HIGH;
          case LOW -> Severity.MEDIUM;
        };
  }

  static boolean isTransaction(ListFilter filter, Known known) {
    Verdict verdict = known.verdict();
    return (filter.reconciliation() == null
            || filter.reconciliation().equals(known.reconciliation()))
        && (filter.states().isEmpty() || filter.states().contains(verdict.state()))
        && (filter.currency() == null || filter.currency().equals(verdict.currency()))
        && (filter.minAmountMinor() == null
            || (known.hasAmount() && verdict.amountMinor() >= filter.minAmountMinor()))
        && (filter.maxAmountMinor() == null
            || (known.hasAmount() && verdict.amountMinor() <= filter.maxAmountMinor()))
        && (filter.prefix() == null || known.row().txnId().startsWith(filter.prefix()));
  }

  static boolean isMismatch(ListFilter filter, Mismatch mismatch, long asOfMs) {
    return (filter.types().isEmpty() || filter.types().contains(mismatch.type()))
        && (filter.source() == null || filter.source().equals(mismatch.source()))
        && (filter.severities().isEmpty() || filter.severities().contains(aged(mismatch, asOfMs)));
  }

  static boolean isBetween(ListFilter filter, long atMs) {
    boolean asked = filter.fromMs() != Event.NONE || filter.toMs() != Event.NONE;
    return !asked
        || (atMs != Event.NONE
            && (filter.fromMs() == Event.NONE || atMs >= filter.fromMs())
            && (filter.toMs() == Event.NONE || atMs < filter.toMs()));
  }

  static boolean asksMismatch(ListFilter filter) {
    return !filter.types().isEmpty() || filter.source() != null || !filter.severities().isEmpty();
  }

  /** Each question with a chance of {@code percent}. */
  ListFilter filter(Random by, int percent) {
    long fromMs = asked(by, percent) ? nowMs - HOUR_MS * by.nextInt(50) : Event.NONE;
    return new ListFilter(
        asked(by, percent) ? some(by, RECONCILIATIONS) : null,
        asked(by, percent)
            ? EnumSet.of(some(by, List.of(State.values())), some(by, List.of(State.values())))
            : Set.of(),
        asked(by, percent)
            ? EnumSet.of(
                some(by, List.of(MismatchType.values())), some(by, List.of(MismatchType.values())))
            : Set.of(),
        asked(by, percent) ? some(by, SOURCES) : null,
        asked(by, percent) ? EnumSet.of(some(by, List.of(Severity.values()))) : Set.of(),
        asked(by, percent) ? some(by, CURRENCIES) : null,
        asked(by, percent) ? (Long) (long) (by.nextInt(41) - 20) : null,
        asked(by, percent) ? (Long) (long) (by.nextInt(41) - 20) : null,
        fromMs,
        asked(by, percent) ? nowMs - HOUR_MS * by.nextInt(50) : Event.NONE,
        asked(by, percent) ? some(by, PREFIXES) : null);
  }

  private static boolean asked(Random by, int percent) {
    return by.nextInt(100) < percent;
  }

  static <T> T some(Random by, List<T> from) {
    return from.get(by.nextInt(from.size()));
  }

  static @Nullable Long amount(Known known) {
    return known.hasAmount() ? known.verdict().amountMinor() : null;
  }
}
