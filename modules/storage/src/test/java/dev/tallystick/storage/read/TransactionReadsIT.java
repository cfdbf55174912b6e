package dev.tallystick.storage.read;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.storage.postgres.Samples;
import dev.tallystick.storage.postgres.StoredPartition;
import dev.tallystick.storage.read.Population.Known;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transactions in lists, by key, and one with its story. */
class TransactionReadsIT {

  private static final long NOW_MS = System.currentTimeMillis();

  private static Database crowd;
  private static Population population;

  @BeforeAll
  static void open() {
    crowd = new Database();
    population = Population.stored(crowd, 7, NOW_MS, 150);
  }

  @AfterAll
  static void close() {
    crowd.close();
  }

  @Test
  void aListSaysOfAnyFilterWhatANaiveWalkOverAllRowsSays() {
    Random chance = new Random(11);
    int found = 0;
    for (int i = 0; i < 300; i++) {
      ListFilter filter = population.filter(chance, i % 3 == 0 ? 10 : 25);
      boolean oldestFirst = chance.nextBoolean();
      int limit = 1 + chance.nextInt(chance.nextBoolean() ? 20 : 500);
      List<TransactionLine> lines = walk(crowd, filter, limit, oldestFirst);
      assertThat(lines)
          .as("%s, oldest first: %s", filter, oldestFirst)
          .isEqualTo(expected(filter, oldestFirst));
      found += lines.isEmpty() ? 0 : 1;
    }
    assertThat(found).as("filters that find something").isGreaterThan(150);
  }

  @Test
  void everyQuestionAloneIsUnderstood() {
    ListFilter all = ListFilter.ALL;
    List<ListFilter> alone = new ArrayList<>(List.of(all));
    Random chance = new Random(13);
    while (alone.size() < 60) {
      ListFilter filter = population.filter(chance, 8);
      if (questions(filter) == 1) {
        alone.add(filter);
      }
    }
    for (ListFilter filter : alone) {
      assertThat(walk(crowd, filter, 500, false))
          .as("%s", filter)
          .isEqualTo(expected(filter, false));
    }
  }

  private static int questions(ListFilter f) {
    int asked = 0;
    asked += f.reconciliation() == null ? 0 : 1;
    asked += f.states().isEmpty() ? 0 : 1;
    asked += f.types().isEmpty() ? 0 : 1;
    asked += f.source() == null ? 0 : 1;
    asked += f.severities().isEmpty() ? 0 : 1;
    asked += f.currency() == null ? 0 : 1;
    asked += f.minAmountMinor() == null ? 0 : 1;
    asked += f.maxAmountMinor() == null ? 0 : 1;
    asked += f.fromMs() == Event.NONE ? 0 : 1;
    asked += f.toMs() == Event.NONE ? 0 : 1;
    return asked + (f.prefix() == null ? 0 : 1);
  }

  @Test
  void whatPostgresCannotHoldIsNotFoundInsteadOfRefused() {
    TransactionReads reads = new TransactionReads(crowd.reading);
    ListFilter odd = prefix("a\0b");
    assertThat(await(reads.list(odd, new PageRequest(5, null, false))).items()).isEmpty();
    assertThat(await(reads.find("payments", 0, "a\0b"))).isNull();
    assertThat(await(reads.lines("a\0b", Map.of("payments", 0)))).isEmpty();
  }

  @Test
  void noRowIsSkippedOrShownTwiceWhateverComesBetweenThePages() {
    for (boolean oldestFirst : List.of(false, true)) {
      try (Database database = new Database()) {
        Population before = Population.stored(database, 3, NOW_MS, 12);
        StoredPartition later = database.claimed("payments", 7);
        Random chance = new Random(5);
        TransactionReads reads = new TransactionReads(database.reading);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int n = 0;
        do {
          Page<TransactionLine> page =
              await(reads.list(ListFilter.ALL, new PageRequest(5, cursor, oldestFirst)));
          page.items().forEach(line -> seen.add(name(line)));
          cursor = page.next();
          for (int i = 0; i < 4; i++) {
            String txnId = "NEW" + n++;
            long atMs = NOW_MS - Population.HOUR_MS * chance.nextInt(45);
            Event event = Samples.event(txnId, "gateway", n, 1);
            later.write(arrived(Samples.row(txnId, State.MATCHED, List.of(event)), atMs));
          }
          database.commit(later, NOW_MS);
        } while (cursor != null && n < 2_000);
        assertThat(cursor).isNull();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen)
            .containsAll(before.transactions.stream().map(TransactionReadsIT::name).toList());
      }
    }
  }

  @Test
  void linesAreFoundByKeyAndOnlyWhereTheyAre() {
    Known one = population.transactions.getFirst();
    TransactionReads reads = new TransactionReads(crowd.reading);
    String txnId = one.row().txnId();
    assertThat(await(reads.lines(txnId, Map.of(one.reconciliation(), one.partition()))))
        .containsExactly(line(one));
    assertThat(await(reads.lines(txnId, Map.of(one.reconciliation(), 5)))).isEmpty();
    assertThat(await(reads.lines(txnId, Map.of()))).isEmpty();

    List<Known> namesakes =
        population.transactions.stream()
            .filter(known -> known.row().txnId().endsWith(".0"))
            .toList();
    assertThat(namesakes).isNotEmpty();
    for (Known known : namesakes) {
      Map<String, Integer> everywhere =
          Map.of("payments", known.partition(), "settlement", known.partition());
      assertThat(await(reads.lines(known.row().txnId(), everywhere)))
          .isEqualTo(
              population.transactions.stream()
                  .filter(other -> other.row().txnId().equals(known.row().txnId()))
                  .filter(other -> other.partition() == known.partition())
                  .map(TransactionReadsIT::line)
                  .toList());
    }
  }

  @Test
  void oneTransactionComesWithItsStoryAndNobodyElses() {
    try (Database database = new Database()) {
      String txnId = "TXN \"1\"\n\\";
      List<Event> events = List.of(Samples.event(txnId, "gateway", 1, 5_000));
      Mismatch missing = Samples.missing("bank");
      TransactionRow overdue = Samples.row(txnId, State.OVERDUE, events, missing);
      TransactionRow matched =
          Samples.row(
              txnId,
              State.MATCHED,
              events,
              missing.closed(Samples.T0 + 90_000, Mismatch.LATE_ARRIVAL));
      StoredPartition mine = database.claimed("settlement", 1);
      database.commit(mine.write(overdue), NOW_MS);
      database.commit(mine.write(Samples.row("OTHER", State.OVERDUE, events, missing)), NOW_MS);
      StoredPartition elsewhere = database.claimed("payments", 1);
      database.commit(elsewhere.write(overdue), NOW_MS);
      database.commit(mine.write(matched), NOW_MS + 1);

      TransactionReads reads = new TransactionReads(database.reading);
      StoredTransaction found = requireNonNull(await(reads.find("settlement", 1, txnId)));
      TransactionRow stored = Samples.version(matched, 2);
      // Closed after 30 s: the severity is as it was.
      assertThat(found.row()).isEqualTo(stored);
      assertThat(found.line()).isEqualTo(line(new Known("settlement", 1, stored, NOW_MS + 1)));
      assertThat(found.topics())
          .isEqualTo(
              Map.of(
                  "bank", "bank_txns",
                  "gateway", "gateway_txns",
                  "operator", "tallystick_settlement_commands"));
      assertThat(found.history())
          .extracting(text -> new JsonObject(text).getLong("seq"))
          .containsExactly(1L, 3L);
      assertThat(found.history())
          .allSatisfy(text -> assertThat(new JsonObject(text).getString("txn_id")).isEqualTo(txnId))
          .allSatisfy(
              text ->
                  assertThat(new JsonObject(text).getString("reconciliation"))
                      .isEqualTo("settlement"));
      assertThat(await(reads.find("settlement", 0, txnId))).isNull();
      assertThat(await(reads.find("settlement", 1, "TXN"))).isNull();
    }
  }

  @Test
  void aLongStoryEndsWithItsNewestAndTheRowIsWhole() {
    try (Database database = new Database()) {
      List<Mismatch> many = new ArrayList<>();
      for (int i = 0; i < StoredTransaction.HISTORY_MAX + 5; i++) {
        many.add(Samples.missing("source" + i));
      }
      TransactionRow row =
          Samples.row(
              "TXN",
              State.OVERDUE,
              List.of(Samples.event("TXN", "gateway", 1, 5_000)),
              many.toArray(Mismatch[]::new));
      database.commit(database.claimed("settlement", 0).write(row), NOW_MS);
      StoredTransaction found =
          requireNonNull(
              await(new TransactionReads(database.reading).find("settlement", 0, "TXN")));
      assertThat(found.row().verdict().mismatches()).hasSize(many.size());
      assertThat(found.history()).hasSize(StoredTransaction.HISTORY_MAX);
      List<Long> seqs =
          found.history().stream().map(text -> new JsonObject(text).getLong("seq")).toList();
      assertThat(seqs).isSorted();
      assertThat(seqs.getFirst()).isEqualTo(6);
    }
  }

  @Test
  void theSeverityOfOneTransactionHasTheAgeStepToo() {
    for (Known known : population.transactions) {
      StoredTransaction found =
          requireNonNull(
              await(
                  new TransactionReads(crowd.reading)
                      .find(known.reconciliation(), known.partition(), known.row().txnId())));
      assertThat(found.row().verdict().mismatches())
          .extracting(Mismatch::severity)
          .isEqualTo(severities(known));
    }
  }

  private static List<Severity> severities(Known known) {
    return known.verdict().mismatches().stream().map(m -> Population.aged(m, NOW_MS)).toList();
  }

  static TransactionRow arrived(TransactionRow row, long firstArrivalMs) {
    var v = row.verdict();
    return new TransactionRow(
        row.txnId(),
        row.version(),
        row.events(),
        row.tallies(),
        row.overflow(),
        new Verdict(
            v.state(),
            v.label(),
            v.worst(),
            v.mismatches(),
            firstArrivalMs,
            v.nextDeadlineMs(),
            v.ruleVersion(),
            v.ticked(),
            v.amountMinor(),
            v.currency()));
  }

  private static ListFilter prefix(String prefix) {
    ListFilter all = ListFilter.ALL;
    return new ListFilter(
        null,
        all.states(),
        all.types(),
        null,
        all.severities(),
        null,
        null,
        null,
        Event.NONE,
        Event.NONE,
        prefix);
  }

  private static List<TransactionLine> walk(
      Database database, ListFilter filter, int limit, boolean oldestFirst) {
    TransactionReads reads = new TransactionReads(database.reading);
    List<TransactionLine> lines = new ArrayList<>();
    String cursor = null;
    do {
      Page<TransactionLine> page =
          await(reads.list(filter, new PageRequest(limit, cursor, oldestFirst)));
      assertThat(page.items().size()).isLessThanOrEqualTo(limit);
      assertThat(page.asOfMs()).isBetween(NOW_MS - 60_000, NOW_MS + 600_000);
      if (page.next() != null) {
        assertThat(page.items()).as("a page before another is full").hasSize(limit);
      }
      lines.addAll(page.items());
      cursor = page.next();
    } while (cursor != null && lines.size() <= population.transactions.size());
    return lines;
  }

  private static List<TransactionLine> expected(ListFilter filter, boolean oldestFirst) {
    Comparator<Known> byName =
        Comparator.comparing(Known::reconciliation, Population.TEXT)
            .thenComparing(known -> known.row().txnId(), Population.TEXT)
            .thenComparingInt(Known::partition);
    Comparator<Known> order =
        Comparator.comparingLong((Known known) -> known.verdict().firstArrivalMs())
            .thenComparing(byName);
    Comparator<Known> nullsLast =
        Comparator.comparing(known -> known.verdict().firstArrivalMs() == Event.NONE);
    return population.transactions.stream()
        .filter(known -> Population.isTransaction(filter, known))
        .filter(known -> Population.isBetween(filter, known.verdict().firstArrivalMs()))
        .filter(
            known ->
                !Population.asksMismatch(filter)
                    || known.verdict().mismatches().stream()
                        .filter(Mismatch::isOpen)
                        .anyMatch(m -> Population.isMismatch(filter, m, NOW_MS)))
        .sorted(nullsLast.thenComparing(oldestFirst ? order : order.reversed()))
        .map(TransactionReadsIT::line)
        .toList();
  }

  static TransactionLine line(Known known) {
    var verdict = known.verdict();
    Map<MismatchType, Mismatch> open = new TreeMap<>();
    verdict.mismatches().stream().filter(Mismatch::isOpen).forEach(m -> open.put(m.type(), m));
    return new TransactionLine(
        known.row().txnId(),
        known.reconciliation(),
        known.partition(),
        verdict.state(),
        verdict.label(),
        List.copyOf(open.keySet()),
        Population.amount(known),
        known.hasAmount() ? verdict.currency() : null,
        known.row().version(),
        verdict.ruleVersion(),
        verdict.firstArrivalMs(),
        verdict.nextDeadlineMs(),
        known.updatedAtMs());
  }

  private static String name(Known known) {
    return known.reconciliation() + "/" + known.partition() + "/" + known.row().txnId();
  }

  private static String name(TransactionLine line) {
    return line.reconciliation() + "/" + line.partition() + "/" + line.txnId();
  }
}
