package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit.ArchiveSlice;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is asked of stored rows: due ones, counts, and the views for people. */
class QueriesIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static Pool pool;
  private static Pool reading;

  @BeforeAll
  static void open() {
    PgAddress database = ServerUnderTest.database();
    pool = PgPools.open(VERTX, database, 2, PgPools.Use.ENGINE);
    reading = PgPools.open(VERTX, database, 2, PgPools.Use.READING);
  }

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void dueRowsComeEarliestFirstWithTheirMismatches() {
    StoredPartition mine = claimed("due");
    List<TransactionRow> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String txnId = "TXN" + (9 - i);
      rows.add(
          Samples.row(
              txnId,
              State.PENDING,
              List.of(Samples.event(txnId, "gateway", i / 2, 1)),
              Samples.missing("core"),
              Samples.missing("bank")));
      mine.write(rows.getLast());
    }
    mine.write(Samples.row("DONE", State.MATCHED, List.of(Samples.event("DONE", "gateway", 0, 1))));
    commit(mine);

    DueRowQuery query = new DueRowQuery(pool);
    long first = Samples.T0 + 60_000;
    assertThat(await(query.due("due", 0, first, 10))).isEmpty();
    assertThat(await(query.due("due", 0, first + 2, 10)))
        .containsExactly(rows.get(1), rows.get(0), rows.get(3), rows.get(2));
    assertThat(await(query.due("due", 0, Long.MAX_VALUE, 3)))
        .containsExactly(rows.get(1), rows.get(0), rows.get(3));
    assertThat(await(query.due("due", 1, Long.MAX_VALUE, 3))).isEmpty();
  }

  @Test
  void theDueQueryNeverSortsNorScansThePartition() {
    StoredPartition mine = claimed("plan");
    for (int i = 0; i < 3_000; i++) {
      mine.write(
          Samples.row(
              "TXN" + i,
              i % 3 == 0 ? State.PENDING : State.MATCHED,
              List.of(Samples.event("TXN" + i, "gateway", i, 1))));
    }
    commit(mine);
    await(reading.query("analyze transactions").execute());
    for (Pool asked : List.of(pool, reading)) {
      String plan =
          plan(
              asked,
              DueRowQuery.DUE
                  .replace("$1", "'plan'")
                  .replace("$2", "0")
                  .replace("$3", "'2025-12-18T10:16:31Z'")
                  .replace("$4", "100"));
      assertThat(plan).contains("transactions_due").doesNotContain("Seq Scan on transactions");
    }
  }

  @Test
  void countsSayHowManyOfEverything() {
    StoredPartition mine = claimed("counts");
    Mismatch closed = Samples.missing("bank").closed(Samples.T0 + 1, Mismatch.LATE_ARRIVAL);
    TransactionRow late =
        Samples.row("LATE", State.MATCHED, List.of(Samples.event("LATE", "gateway", 1, 1)), closed);
    TransactionRow repeated =
        new TransactionRow(
            "LATE",
            1,
            late.events(),
            Map.of("gateway", new TransactionRow.Tally(9, 4)),
            false,
            late.verdict());
    mine.write(repeated)
        .write(
            Samples.row(
                "OVER",
                State.OVERDUE,
                List.of(Samples.event("OVER", "gateway", 1, 1)),
                Samples.missing("bank")))
        .write(
            Samples.row(
                "OVER2",
                State.OVERDUE,
                List.of(Samples.event("OVER2", "gateway", 1, 1)),
                Samples.missing("bank")))
        .dead(
            new DeadLetter(
                "bank", Samples.raw(3, "k", "v"), DeadLetterReason.NOT_JSON, "value: not JSON"));
    commit(mine);
    assertThat(await(new TransactionQueries(pool).rows("counts", 0, List.of("LATE"))))
        .containsExactly(repeated);

    EngineCounts counts = EngineCounts.of(reading, "counts");
    assertThat(await(counts.transactionsByState()))
        .isEqualTo(Map.of(State.MATCHED, 1L, State.OVERDUE, 2L));
    assertThat(await(counts.openMismatchesByType())).isEqualTo(Map.of(MismatchType.MISSING, 2L));
    assertThat(await(counts.mismatchesByType())).isEqualTo(Map.of(MismatchType.MISSING, 3L));
    assertThat(await(counts.deadLettersByReason()))
        .isEqualTo(Map.of(DeadLetterReason.NOT_JSON, 1L));
    assertThat(await(counts.redeliveries())).isEqualTo(4);
    assertThat(await(EngineCounts.ofAll(reading).redeliveries())).isEqualTo(4);
  }

  @Test
  void theViewsShowEventsAndResultsAsPeopleKnowThem() {
    StoredPartition mine = claimed("views");
    ContentHash content = ContentHash.ofHex("0123456789abcdef".repeat(4));
    Event bank =
        new Event(
            "TXN",
            "bank",
            content.toHex(),
            content,
            "LEDGER_POSTED",
            "SUCCESS",
            4500,
            "INR",
            "ACC",
            null,
            Samples.T0 + 7,
            null,
            "UPI",
            25,
            Map.of("rail", "UPI \"x\"\n"),
            null,
            3,
            Samples.T0 + 9);
    Event gateway = Samples.event("TXN", "gateway", 4, 5000);
    Event order =
        new Event(
            "TXN",
            Event.OPERATOR,
            "cmd-1",
            content,
            OperatorCommand.WRITE_OFF,
            "",
            0,
            "",
            null,
            null,
            Event.NONE,
            null,
            null,
            Event.NONE,
            Map.of(),
            new OperatorCommand(
                "anna",
                null,
                List.of(
                    new OperatorCommand.Accepted(
                        MismatchType.MISSING, "core", "event", null, null)),
                0),
            0,
            Samples.T0 + 10);
    mine.write(
            Samples.row(
                "TXN",
                State.MISMATCHED,
                List.of(bank, gateway, order),
                Samples.amount("bank", 5000, 4500),
                Samples.missing("core"),
                Samples.missing("bank").closed(Samples.T0, Mismatch.LATE_ARRIVAL)))
        .write(Samples.row("ONLY", State.PENDING, List.of(Samples.event("ONLY", "bank", 8, 1))))
        .archive(new ArchiveSlice("bank", List.of(Samples.raw(3, "TXN", "{}"))));
    commit(mine);

    // A session in another time zone sees the same.
    List<Row> events = rows("select * from events where reconciliation = 'views' order by id");
    assertThat(events)
        .extracting(row -> row.getString("id"))
        .containsExactly(
            "bank_txns/0/3",
            "bank_txns/0/8",
            "gateway_txns/0/4",
            "tallystick_settlement_commands/0/0");
    assertThat(events.getFirst().getLong("amount")).isEqualTo(4500);
    assertThat(events.getFirst().getOffsetDateTime("created_at").toInstant().toEpochMilli())
        .isEqualTo(Samples.T0 + 9);
    assertThat(events.getFirst().getJsonObject("raw_payload"))
        .isEqualTo(
            new JsonObject()
                .put("txn_id", "TXN")
                .put("source", "bank")
                .put("event_id", content.toHex())
                .put("event_type", "LEDGER_POSTED")
                .put("status", "SUCCESS")
                .put("amount", 4500)
                .put("currency", "INR")
                .put("account", "ACC")
                .put("timestamp", "2025-12-18T10:15:30.007Z")
                .put("channel", "UPI")
                .put("fee", 25)
                .put("attributes", new JsonObject().put("rail", "UPI \"x\"\n"))
                .put("content", content.toHex()));
    Row command = events.getLast();
    assertThat(command.getLong("amount")).isNull();
    assertThat(command.getString("status")).isNull();
    assertThat(command.getJsonObject("raw_payload").getString("event_id")).isEqualTo("cmd-1");
    assertThat(command.getJsonObject("raw_payload").getJsonObject("command"))
        .isEqualTo(
            new JsonObject()
                .put("by", "anna")
                .put(
                    "accepts",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("type", "MISSING")
                                .put("source", "core")
                                .put("field", "event")))
                .put("version", 0));

    List<Row> results =
        rows("select * from reconciliation_results where reconciliation = 'views' order by txn_id");
    assertThat(results).hasSize(2);
    assertThat(results.get(0).getArrayOfStrings("mismatch_types")).isEmpty();
    assertThat(results.get(0).getString("gateway_event_id")).isNull();
    assertThat(results.get(1).getArrayOfStrings("mismatch_types"))
        .containsExactly("AMOUNT", "MISSING");
    assertThat(results.get(1).getString("bank_event_id")).isEqualTo(content.toHex());
    assertThat(results.get(1).getString("gateway_event_id")).isEqualTo(gateway.eventId());
    assertThat(results.get(1).getLong("amount")).isEqualTo(4500);

    Row segment = rows("select * from raw_events where topic = 'bank_txns'").getFirst();
    assertThat(segment.getLong("first_offset")).isEqualTo(3);
    assertThat(segment.getString("codec")).isEqualTo("zstd");
  }

  private static List<Row> rows(String sql) {
    List<Row> rows = new ArrayList<>();
    await(
            reading.withConnection(
                connection ->
                    connection
                        .query("set time zone 'Asia/Kolkata'")
                        .execute()
                        .compose(set -> connection.query(sql).execute())))
        .forEach(rows::add);
    return rows;
  }

  private static String plan(Pool asked, String sql) {
    StringBuilder plan = new StringBuilder();
    await(asked.query("explain " + sql).execute())
        .forEach(row -> plan.append(row.getString(0)).append('\n'));
    return plan.toString();
  }

  private static StoredPartition claimed(String reconciliation) {
    Claim claim =
        await(
            new PartitionClaims(pool, java.util.Map.of())
                .claim(reconciliation, 0, "node a", StoredPartition.STARTS));
    return new StoredPartition(reconciliation, 0, claim);
  }

  private static void commit(StoredPartition partition) {
    assertThat(
            await(
                new CommitStore(VERTX, pool, () -> Samples.T0).commit(List.of(partition.commit()))))
        .containsExactly(new Committed(Samples.T0));
  }
}
