package dev.tallystick.simulator.workload;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.definition.RuleSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the plans of one reconciliation's transactions. */
final class PlanWriter {

  private static final long MINUTE_MS = 60_000;
  private static final long DAY_MS = 86_400_000;
  private static final List<String> CURRENCIES =
      List.of("INR", "INR", "INR", "USD", "EUR", "JPY", "KWD");
  private static final List<String> RAILS = List.of("UPI", "CARD", "WALLET", "NEFT");
  private static final Map<String, String> TYPES =
      Map.of("core", "LEDGER_POSTED", "bank", "LEDGER_POSTED", "mobile", "PAYMENT_INITIATED");

  /** How long the systems take, at most; none comes near an SLA. */
  private static final Map<String, Long> SKEW_MS =
      Map.of("core", 20L, "gateway", 1_500L, "mobile", 4_000L, "bank", 3_000L);

  private final Definition definition;
  private final List<List<Shape>> shapes;
  private final Map<String, Long> slaMs = new TreeMap<>();

  PlanWriter(Definition definition, Collection<Definition> all) {
    this.definition = definition;
    this.shapes = Shape.groups(definition, all);
    for (Definition.Source source : definition.sources()) {
      slaMs.put(source.name(), source.slaMs());
      if (!source.format().equals("json")) {
        throw new IllegalArgumentException(
            "reconciliation "
                + definition.name()
                + ": source "
                + source.name()
                + ": format "
                + source.format()
                + ": the simulator writes JSON only");
      }
    }
  }

  /**
   * @param wanted kind of fault; where it is impossible, the next kind that is possible
   * @param round how often the kinds have gone round, to choose the way of poisoning
   */
  TransactionPlan write(
      long seed, long index, @Nullable FaultKind wanted, long round, SplittableRandom random) {
    String txnId = Workload.txnId(seed, index);
    List<Shape> group = shapes.get(random.nextInt(shapes.size()));
    Shape shape = group.get(random.nextInt(group.size()));
    List<PlannedRecord> records = ordinary(txnId, shape, random);
    FaultKind kind = wanted == null ? null : possible(wanted, shape);
    String source = null;
    Poison poison = null;
    if (kind != null) {
      source = victim(kind, shape, random);
      if (kind == FaultKind.POISON) {
        poison = Poison.ALL.get(Math.floorMod(round, Poison.ALL.size()));
      }
      inject(kind, source, poison, records, random);
    }
    records.sort(
        Comparator.comparing(PlannedRecord::isLate).thenComparingLong(PlannedRecord::delayMs));
    return new TransactionPlan(
        seed, index, txnId, definition.name(), kind, source, poison, List.copyOf(records), slaMs);
  }

  private List<PlannedRecord> ordinary(String txnId, Shape shape, SplittableRandom random) {
    Map<String, Object> common = new LinkedHashMap<>();
    common.put("status", random.nextInt(100) < 3 ? "FAILED" : "SUCCESS");
    common.put("amount", 100L + random.nextInt(5_000_000));
    common.put("currency", CURRENCIES.get(random.nextInt(CURRENCIES.size())));
    common.put("account", "ACC-" + (10_000 + random.nextInt(90_000)));
    common.put("counterparty", "CP-" + (1_000 + random.nextInt(9_000)));
    common.put("reference", "REF-" + Integer.toHexString(random.nextInt()));
    common.putAll(shape.fields());
    common.put("attributes", Map.of("rail", RAILS.get(random.nextInt(RAILS.size()))));

    List<PlannedRecord> records = new ArrayList<>();
    for (String name : shape.expected()) {
      Definition.Source source = Objects.requireNonNull(definition.source(name));
      long skewMs = Math.min(SKEW_MS.getOrDefault(name, 2_000L), source.slaMs() / 10);
      long delayMs = name.equals("core") ? 0 : random.nextLong(skewMs + 1);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("txn_id", txnId);
      fields.put("source", name);
      fields.put("event_id", txnId + "-" + name + "-1");
      fields.put("event_type", type(source));
      common.forEach(fields::putIfAbsent);
      fields.putAll(shape.fields());
      records.add(
          new PlannedRecord(
              name,
              source.topic(),
              txnId,
              fields,
              source.mapping(),
              delayMs,
              0,
              random.nextLong(2_000),
              null));
    }
    return records;
  }

  private static String type(Definition.Source source) {
    String usual = TYPES.getOrDefault(source.name(), "PAYMENT_CAPTURED");
    return source.counts(usual) ? usual : source.types().iterator().next();
  }

  private FaultKind possible(FaultKind wanted, Shape shape) {
    List<FaultKind> all = FaultKind.ALL;
    for (int i = 0; i < all.size(); i++) {
      FaultKind kind = all.get((all.indexOf(wanted) + i) % all.size());
      if (isPossible(kind, shape)) {
        return kind;
      }
    }
    throw new IllegalStateException("POISON is always possible");
  }

  private boolean isPossible(FaultKind kind, Shape shape) {
    boolean several = shape.expected().size() > 1;
    boolean pair = several && shape.expected().contains(definition.reference().name());
    return switch (kind) {
      case AMOUNT, CURRENCY, ACCOUNT, TIMESTAMP, STATUS ->
          pair
              && !definition.enabled(MismatchType.valueOf(kind.name())).isEmpty()
              && !shape.fields().containsKey(kind.name().toLowerCase(Locale.ROOT));
      case MISSING, LATE -> several && !definition.enabled(MismatchType.MISSING).isEmpty();
      case DUPLICATE -> !definition.enabled(MismatchType.DUPLICATE).isEmpty();
      case REORDERED -> several;
      case REDELIVERY, POISON -> true;
    };
  }

  private String victim(FaultKind kind, Shape shape, SplittableRandom random) {
    List<String> candidates = new ArrayList<>(shape.expected());
    switch (kind) {
      case AMOUNT, STATUS, CURRENCY, ACCOUNT, TIMESTAMP, REORDERED ->
          candidates.remove(definition.reference().name());
      case MISSING, DUPLICATE, REDELIVERY, LATE, POISON -> {} // the reference errs as well
    }
    return candidates.get(random.nextInt(candidates.size()));
  }

  private void inject(
      FaultKind kind,
      String source,
      @Nullable Poison poison,
      List<PlannedRecord> records,
      SplittableRandom random) {
    PlannedRecord own =
        records.stream().filter(r -> r.source().equals(source)).findFirst().orElseThrow();
    int at = records.indexOf(own);
    long again = own.delayMs() + 50 + random.nextInt(950);
    switch (kind) {
      case AMOUNT -> records.set(at, with(own, "amount", otherAmount(own, random)));
      case STATUS -> records.set(at, with(own, "status", otherStatus(own)));
      case CURRENCY -> records.set(at, with(own, "currency", otherCurrency(own)));
      case ACCOUNT -> records.set(at, with(own, "account", own.fields().get("account") + "-X"));
      case TIMESTAMP ->
          records.set(
              at,
              timed(
                  own,
                  own.delayMs(),
                  0,
                  own.occurredOffsetMs() - toleranceMs() - (10 + random.nextInt(20)) * MINUTE_MS));
      case MISSING -> records.remove(at);
      case LATE ->
          records.set(at, timed(own, 0, 3_000 + random.nextLong(5_001), own.occurredOffsetMs()));
      case DUPLICATE ->
          records.add(
              timed(
                  with(own, "event_id", own.key() + "-" + source + "-2"),
                  again,
                  0,
                  own.occurredOffsetMs()));
      case REDELIVERY -> records.add(timed(own, again, 0, own.occurredOffsetMs()));
      case REORDERED -> reorder(own, records);
      case POISON ->
          records.add(
              new PlannedRecord(
                  source,
                  own.topic(),
                  own.key(),
                  new LinkedHashMap<>(with(own, "event_id", own.key() + "-bad").fields()),
                  own.mapping(),
                  random.nextLong(1_000),
                  0,
                  own.occurredOffsetMs(),
                  poison));
    }
  }

  /** The sources report in the opposite order, and one of them says PENDING first. */
  private void reorder(PlannedRecord own, List<PlannedRecord> records) {
    List<PlannedRecord> byDelay = new ArrayList<>(records);
    byDelay.sort(Comparator.comparingLong(PlannedRecord::delayMs));
    List<Long> delays = new ArrayList<>(byDelay.stream().map(PlannedRecord::delayMs).toList());
    Collections.reverse(delays);
    records.clear();
    for (int i = 0; i < byDelay.size(); i++) {
      PlannedRecord record = byDelay.get(i);
      records.add(timed(record, delays.get(i), 0, record.occurredOffsetMs()));
    }
    if (!definition.isFinal("PENDING")) {
      PlannedRecord moved =
          records.stream().filter(r -> r.source().equals(own.source())).findFirst().orElseThrow();
      PlannedRecord pending =
          with(with(own, "status", "PENDING"), "event_id", own.key() + "-" + own.source() + "-0");
      records.add(timed(pending, moved.delayMs(), 0, own.occurredOffsetMs()));
      records.set(
          records.indexOf(moved), timed(moved, moved.delayMs() + 200, 0, moved.occurredOffsetMs()));
    }
  }

  private long otherAmount(PlannedRecord own, SplittableRandom random) {
    long amount = (Long) Objects.requireNonNull(own.fields().get("amount"));
    long tolerance = 0;
    for (RuleSetting rule : definition.enabled(MismatchType.AMOUNT)) {
      long share = amount * rule.toleranceBp() / 10_000;
      tolerance = Math.max(tolerance, Math.max(rule.toleranceMinor(), share));
    }
    long off = tolerance + 1 + random.nextLong(1 + amount / 5);
    return amount > off && random.nextBoolean() ? amount - off : amount + off;
  }

  private String otherStatus(PlannedRecord own) {
    String mine = definition.canonical(String.valueOf(own.fields().get("status")));
    for (String other : List.of("FAILED", "SUCCESS", "REVERSED")) {
      if (definition.isFinal(other) && !definition.canonical(other).equals(mine)) {
        return other;
      }
    }
    throw new IllegalArgumentException(
        "reconciliation " + definition.name() + ": every final status means the same");
  }

  private static String otherCurrency(PlannedRecord own) {
    return "USD".equals(own.fields().get("currency")) ? "EUR" : "USD";
  }

  private long toleranceMs() {
    long toleranceMs = 0;
    for (RuleSetting rule : definition.enabled(MismatchType.TIMESTAMP)) {
      long daysMs =
          rule.toleranceBusinessDays() == 0 ? 0 : (rule.toleranceBusinessDays() * 2L + 7) * DAY_MS;
      toleranceMs = Math.max(toleranceMs, Math.max(rule.toleranceMs(), daysMs));
    }
    return toleranceMs;
  }

  private static PlannedRecord with(PlannedRecord r, String field, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>(r.fields());
    fields.put(field, value);
    return new PlannedRecord(
        r.source(),
        r.topic(),
        r.key(),
        fields,
        r.mapping(),
        r.delayMs(),
        r.afterDeadlineMs(),
        r.occurredOffsetMs(),
        r.poison());
  }

  private static PlannedRecord timed(
      PlannedRecord r, long delayMs, long afterDeadlineMs, long occurredOffsetMs) {
    return new PlannedRecord(
        r.source(),
        r.topic(),
        r.key(),
        r.fields(),
        r.mapping(),
        delayMs,
        afterDeadlineMs,
        occurredOffsetMs,
        r.poison());
  }
}
