package dev.tallystick.storage.read;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.MismatchJson;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.postgres.Samples;
import dev.tallystick.storage.postgres.StoredPartition;
import dev.tallystick.storage.read.Population.Known;
import dev.tallystick.storage.read.Population.KnownMismatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mismatches in lists, and the numbers that join them with the stream. */
class MismatchReadsIT {

  private static final long NOW_MS = System.currentTimeMillis();

  private static Database crowd;
  private static Population population;

  @BeforeAll
  static void open() {
    crowd = new Database();
    population = Population.stored(crowd, 17, NOW_MS, 100);
  }

  @AfterAll
  static void close() {
    crowd.close();
  }

  @Test
  void aListSaysOfAnyFilterWhatANaiveWalkOverAllRowsSays() {
    Random chance = new Random(19);
    int found = 0;
    for (int i = 0; i < 400; i++) {
      // The first ask nothing or little: each question stands alone many times.
      ListFilter filter = population.filter(chance, i < 100 ? 8 : 22);
      Openness openness = Population.some(chance, List.of(Openness.values()));
      boolean oldestFirst = chance.nextBoolean();
      int limit = 1 + chance.nextInt(chance.nextBoolean() ? 20 : 500);
      List<MismatchLine> lines = walk(filter, openness, limit, oldestFirst);
      assertThat(lines)
          .as("%s %s, oldest first: %s", openness, filter, oldestFirst)
          .isEqualTo(expected(filter, openness, oldestFirst));
      found += lines.isEmpty() ? 0 : 1;
    }
    assertThat(found).as("filters that find something").isGreaterThan(150);
  }

  @Test
  void aMismatchIsMoreUrgentAfterADayAndNeverMoreThanCritical() {
    try (Database database = new Database()) {
      long dayMs = Duration.ofDays(1).toMillis();
      StoredPartition mine = database.claimed("settlement", 0);
      List<Mismatch> opened = new ArrayList<>();
      for (Severity severity : Severity.values()) {
        opened.add(open("young" + severity, severity, NOW_MS - dayMs + 120_000));
        opened.add(open("old" + severity, severity, NOW_MS - dayMs));
      }
      mine.write(
          Samples.row(
              "TXN",
              State.OVERDUE,
              List.of(Samples.event("TXN", "gateway", 1, 1)),
              opened.toArray(Mismatch[]::new)));
      database.commit(mine, NOW_MS);
      assertThat(
              await(
                      new MismatchReads(database.reading)
                          .list(ListFilter.ALL, Openness.OPEN, new PageRequest(500, null, false)))
                  .items())
          .extracting(line -> line.mismatch().source() + " " + line.mismatch().severity())
          .containsExactlyInAnyOrder(
              "youngCRITICAL CRITICAL",
              "oldCRITICAL CRITICAL",
              "youngHIGH HIGH",
              "oldHIGH CRITICAL",
              "youngMEDIUM MEDIUM",
              "oldMEDIUM HIGH",
              "youngLOW LOW",
              "oldLOW MEDIUM");
    }
  }

  @Test
  void noMismatchIsSkippedOrShownTwiceWhateverComesBetweenThePages() {
    for (boolean oldestFirst : List.of(false, true)) {
      try (Database database = new Database()) {
        Population before = Population.stored(database, 23, NOW_MS, 10);
        StoredPartition later = database.claimed("payments", 7);
        Random chance = new Random(29);
        MismatchReads reads = new MismatchReads(database.reading);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int n = 0;
        do {
          MismatchPage page =
              await(
                  reads.list(
                      ListFilter.ALL, Openness.ALL, new PageRequest(3, cursor, oldestFirst)));
          page.items().forEach(line -> seen.add(line.id()));
          cursor = page.next();
          for (int i = 0; i < 2; i++) {
            String txnId = "NEW" + n++;
            long atMs = NOW_MS - Population.HOUR_MS * chance.nextInt(48) - Population.HOUR_MS / 2;
            later.write(
                Samples.row(
                    txnId,
                    State.OVERDUE,
                    List.of(Samples.event(txnId, "gateway", n, 1)),
                    open("bank", Severity.LOW, atMs)));
          }
          database.commit(later, NOW_MS);
        } while (cursor != null && n < 2_000);
        assertThat(cursor).isNull();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen)
            .containsAll(before.mismatches().stream().map(m -> id(m.of(), m.mismatch())).toList());
      }
    }
  }

  @Test
  void theNumbersAreThoseOfTheItemsEvenWhileCommitsComeIn() {
    try (Database database = new Database()) {
      StoredPartition mine = database.claimed("settlement", 3);
      database.claimed("payments", 0);
      MismatchReads reads = new MismatchReads(database.reading);
      StatsReads stats = new StatsReads(database.reading);
      ListFilter filter = only("settlement");
      for (int i = 1; i <= 120; i++) {
        String txnId = "TXN" + i;
        mine.write(
            Samples.row(
                txnId,
                State.OVERDUE,
                List.of(Samples.event(txnId, "gateway", i, 1)),
                open("bank", Severity.LOW, NOW_MS)));
        // Asked for before the commit is done: each opens one mismatch and counts one.
        var list = reads.list(filter, Openness.OPEN, new PageRequest(500, null, false));
        var figures = stats.figures();
        database.commit(mine, NOW_MS);
        MismatchPage page = await(list);
        assertThat(page.seq()).containsOnlyKeys("settlement/3");
        assertThat(page.seq().get("settlement/3")).isEqualTo(page.items().size());
        ReconciliationFigures settled =
            await(figures).stream()
                .filter(one -> one.reconciliation().equals("settlement"))
                .findFirst()
                .orElseThrow();
        assertThat(settled.mismatches().open())
            .isEqualTo(settled.transactions().byState().get(State.OVERDUE));
      }
      assertThat(
              await(reads.list(ListFilter.ALL, Openness.CLOSED, new PageRequest(1, null, false)))
                  .seq())
          .as("numbers come without items too")
          .isEqualTo(Map.of("payments/0", 0L, "settlement/3", 120L));
    }
  }

  private static ListFilter only(String reconciliation) {
    ListFilter all = ListFilter.ALL;
    return new ListFilter(
        reconciliation,
        all.states(),
        all.types(),
        null,
        all.severities(),
        null,
        null,
        null,
        Event.NONE,
        Event.NONE,
        null);
  }

  private static Mismatch open(String source, Severity severity, long openedAtMs) {
    Mismatch like = Samples.missing(source);
    return new Mismatch(
        like.type(),
        source,
        like.field(),
        null,
        null,
        null,
        null,
        null,
        like.rule(),
        like.sources(),
        severity,
        openedAtMs,
        Event.NONE,
        null);
  }

  private static List<MismatchLine> walk(
      ListFilter filter, Openness openness, int limit, boolean oldestFirst) {
    MismatchReads reads = new MismatchReads(crowd.reading);
    List<MismatchLine> lines = new ArrayList<>();
    String cursor = null;
    do {
      MismatchPage page =
          await(reads.list(filter, openness, new PageRequest(limit, cursor, oldestFirst)));
      assertThat(page.items().size()).isLessThanOrEqualTo(limit);
      assertThat(page.seq()).hasSize(filter.reconciliation() == null ? 4 : 2);
      lines.addAll(page.items());
      cursor = page.next();
    } while (cursor != null && lines.size() <= population.mismatches().size());
    return lines;
  }

  private static List<MismatchLine> expected(
      ListFilter filter, Openness openness, boolean oldestFirst) {
    Comparator<MismatchLine> order =
        Comparator.comparingLong((MismatchLine line) -> line.mismatch().openedAtMs())
            .thenComparing(MismatchLine::id)
            .thenComparingInt(MismatchLine::partition);
    return population.mismatches().stream()
        .filter(known -> Population.isTransaction(filter, known.of()))
        .filter(known -> Population.isMismatch(filter, known.mismatch(), NOW_MS))
        .filter(known -> Population.isBetween(filter, known.mismatch().openedAtMs()))
        .filter(
            known ->
                switch (openness) {
                  case OPEN -> known.mismatch().isOpen();
                  case CLOSED -> !known.mismatch().isOpen();
                  case ALL -> true;
                })
        .map(MismatchReadsIT::line)
        .sorted(oldestFirst ? order : order.reversed())
        .toList();
  }

  private static MismatchLine line(KnownMismatch known) {
    Mismatch m = known.mismatch();
    Mismatch aged =
        new Mismatch(
            m.type(),
            m.source(),
            m.field(),
            m.expected(),
            m.actual(),
            m.delta(),
            m.tolerance(),
            m.currency(),
            m.rule(),
            m.sources(),
            Population.aged(m, NOW_MS),
            m.openedAtMs(),
            m.closedAtMs(),
            m.closedBy());
    return new MismatchLine(
        known.of().reconciliation(),
        known.of().partition(),
        known.of().row().txnId(),
        known.of().verdict().state(),
        known.of().verdict().label(),
        known.of().row().version(),
        id(known.of(), m),
        aged);
  }

  private static String id(Known known, Mismatch mismatch) {
    return MismatchJson.id(
        known.reconciliation(), known.row().txnId(), mismatch.type(), mismatch.source());
  }
}
