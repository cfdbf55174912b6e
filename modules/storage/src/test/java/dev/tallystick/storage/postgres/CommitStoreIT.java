package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.ArchiveSlice;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Conflict;
import dev.tallystick.core.engine.CommitAnswer.Fenced;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.engine.InvariantViolation;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a commit leaves behind, and what it answers when it must not. */
class CommitStoreIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Committed DONE = new Committed(Samples.T0);
  private static Pool pool;
  private static PartitionClaims claims;
  private static CommitStore store;
  private static TransactionQueries queries;

  @BeforeAll
  static void open() {
    pool = PgPools.open(VERTX, ServerUnderTest.database(), 4, PgPools.Use.ENGINE);
    claims = new PartitionClaims(pool, java.util.Map.of());
    store = new CommitStore(VERTX, pool, () -> Samples.T0);
    queries = new TransactionQueries(pool);
  }

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void whatWasWrittenComesBackEqual() {
    StoredPartition mine = claimed("rows", 0);
    TransactionRow broken =
        Samples.row(
            "TXN1",
            State.OVERDUE,
            List.of(
                Samples.event("TXN1", "bank", 1, 4500), Samples.event("TXN1", "gateway", 1, 5000)),
            Samples.amount("bank", 5000, 4500),
            Samples.missing("core"));
    TransactionRow waiting =
        Samples.row("TXN2", State.PENDING, List.of(Samples.event("TXN2", "gateway", 2, 7)));
    assertThat(commit(mine.write(broken).write(waiting).commit())).containsExactly(DONE);
    assertThat(stored("rows", 0, "TXN1", "TXN2")).containsExactly(broken, waiting);

    Mismatch closed = Samples.amount("bank", 5000, 4500).closed(Samples.T0 + 99, Mismatch.EVIDENCE);
    TransactionRow healed = Samples.row("TXN1", State.MATCHED, broken.events(), closed);
    assertThat(commit(mine.write(healed).commit())).containsExactly(DONE);
    assertThat(stored("rows", 0, "TXN1", "TXN2"))
        .containsExactly(Samples.version(healed, 2), waiting);
    assertThat(numbers("select seq from outbox where reconciliation = 'rows' order by 1"))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void oneOfThreeConflictsOneIsFencedAndTheThirdIsStored() {
    StoredPartition conflicting = claimed("group", 0);
    StoredPartition fenced = claimed("group", 1);
    StoredPartition fine = claimed("group", 2);
    TransactionRow here = pending("HERE");
    TransactionRow newer = pending("NEWER");
    commit(conflicting.write(here).write(newer).commit());
    commit(conflicting.write(newer).commit());
    claimed("group", 1);

    conflicting.write(0, here).write(1, newer).write(3, pending("GONE")).write(pending("FINE"));
    List<Commit> group =
        List.of(
            fine.write(pending("C")).at("gateway", 8, 8).commit(),
            fenced.write(pending("B")).commit(),
            conflicting.at("gateway", 9, 9).commit());
    assertThat(commit(group))
        .containsExactly(
            DONE,
            new Fenced(2),
            new Conflict(
                Map.of(
                    "HERE", Optional.of(here),
                    "NEWER", Optional.of(Samples.version(newer, 2)),
                    "GONE", Optional.empty())));
    assertThat(stored("group", 2, "C")).hasSize(1);
    assertThat(stored("group", 1, "B")).isEmpty();
    assertThat(stored("group", 0, "FINE")).isEmpty();
    assertThat(
            numbers(
                "select positions[1] from partition_progress where reconciliation = 'group'"
                    + " order by partition"))
        .containsExactly(0L, 0L, 8L);
  }

  @Test
  void aConflictBringsTheStoredMismatches() {
    StoredPartition mine = claimed("ghost", 0);
    TransactionRow row =
        Samples.row(
            "TXN",
            State.MISMATCHED,
            List.of(Samples.event("TXN", "bank", 3, 1)),
            Samples.missing("core"),
            Samples.amount("bank", 2, 1));
    commit(mine.write(row).commit());
    assertThat(commit(mine.write(0, pending("TXN")).seq(2).commit()))
        .containsExactly(new Conflict(Map.of("TXN", Optional.of(row))));
  }

  @Test
  void anOlderVersionAndAMissingRowAreConflictsEachAlone() {
    StoredPartition mine = claimed("stale", 0);
    commit(mine.write(pending("TXN")).commit());
    commit(mine.write(pending("TXN")).commit());
    assertThat(commit(mine.write(1, pending("TXN")).commit()))
        .containsExactly(
            new Conflict(Map.of("TXN", Optional.of(Samples.version(pending("TXN"), 2)))));
    assertThat(commit(mine.write(1, pending("GONE")).commit()))
        .containsExactly(new Conflict(Map.of("GONE", Optional.empty())));
    assertThat(stored("stale", 0, "TXN", "GONE"))
        .containsExactly(Samples.version(pending("TXN"), 2));
  }

  @Test
  void positionsNeverGoBack() {
    StoredPartition mine = claimed("back", 0);
    commit(mine.at("gateway", 10, 20).at("bank", 5, 5).commit());
    StoredPartition other = claimed("back", 1);

    // The first array differs upwards first: a comparison of whole arrays would let it pass.
    Commit position = mine.at("gateway", 11, 20).at("bank", 4, 5).commit();
    Commit innocent = other.write(pending("TXN")).commit();
    assertThatThrownBy(() -> commit(List.of(position, innocent)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("back/0: position of bank goes back from 5 to 4");
    assertThat(stored("back", 1, "TXN")).isEmpty();

    Commit archived = mine.at("gateway", 11, 19).at("bank", 5, 5).commit();
    assertThatThrownBy(() -> commit(archived))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("back/0: archived_to of gateway goes back from 20 to 19");
    Commit unknown = mine.at("gateway", 11, 20).at("mobile", 5, 5).commit();
    assertThatThrownBy(() -> commit(unknown))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("back/0: source mobile has no position");
    assertThat(numbers("select positions[1] from partition_progress where reconciliation = 'back'"))
        .containsExactlyInAnyOrder(10L, 0L);
  }

  @Test
  void aSeqIsNeverUsedTwice() {
    StoredPartition mine = claimed("seq", 0);
    commit(mine.write(overdue("TXN1")).commit());
    Commit again = mine.seq(0).write(overdue("TXN2")).commit();
    assertThatThrownBy(() -> commit(again))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("seq/0: seq 1 with 1 changes after seq 1, published to 0");
    Commit gap = mine.seq(2).write(overdue("TXN3")).commit();
    assertThatThrownBy(() -> commit(gap)).isInstanceOf(InvariantViolation.class);
    Commit ahead = mine.seq(1).published(2).commit();
    assertThatThrownBy(() -> commit(ahead)).isInstanceOf(InvariantViolation.class);
    assertThat(commit(mine.published(1).commit())).containsExactly(DONE);
    assertThat(numbers("select published_to from partition_progress where reconciliation = 'seq'"))
        .containsExactly(1L);
  }

  @Test
  void refusedDataCostsOnlyItsOwnPartition() {
    StoredPartition bad = claimed("data", 0);
    StoredPartition worse = claimed("data", 1);
    StoredPartition good = claimed("data", 2);
    List<Commit> group =
        List.of(
            bad.write(pending("TXN\0")).commit(),
            worse
                .write(
                    Samples.row(
                        "LATE",
                        State.PENDING,
                        List.of(
                            Samples.event("LATE", "gateway", Long.MAX_VALUE / 2 - Samples.T0, 1))))
                .commit(),
            good.write(pending("TXN")).commit());
    List<CommitAnswer> answers = commit(group);
    assertThat(answers.get(0))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.transientCause()).isFalse();
              assertThat(refused.reason()).startsWith("22021 ");
            });
    assertThat(answers.get(1))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.transientCause()).isFalse();
              assertThat(refused.reason()).contains("is outside the years 1 to 9999");
            });
    assertThat(answers.get(2)).isEqualTo(DONE);
    assertThat(stored("data", 2, "TXN")).hasSize(1);
  }

  @Test
  void deadLettersAndRawRecordsAreKeptByPosition() {
    StoredPartition mine = claimed("raw", 0);
    List<RawRecord> records = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      records.add(Samples.raw(i * 2L, "key" + i, "x".repeat(1_000)));
    }
    RawRecord poison =
        new RawRecord(
            700,
            -5,
            null,
            "\0bad".getBytes(StandardCharsets.UTF_8),
            List.of(
                new RawRecord.Header("trace", null), new RawRecord.Header("b", new byte[] {1})));
    DeadLetter letter =
        new DeadLetter("bank", poison, DeadLetterReason.BAD_VALUE, "status: \"\0bad\"");
    mine.archive(new ArchiveSlice("gateway", records)).dead(letter).dead(letter);
    assertThat(commit(mine.commit())).containsExactly(DONE);

    Row segment = one("select * from event_archive where topic = 'gateway_txns' and partition = 0");
    assertThat(segment.getLong("last_offset")).isEqualTo(598);
    assertThat(segment.getInteger("records")).isEqualTo(300);
    assertThat(segment.getOffsetDateTime("last_recorded_at").toInstant().toEpochMilli())
        .isEqualTo(Samples.T0 + 598);
    assertThat(
            ArchiveCodec.decode(
                segment.getString("codec"), segment.getBuffer("payload").getBytes()))
        .usingRecursiveComparison()
        .isEqualTo(records);
    Row dead = one("select * from dead_letters where reconciliation = 'raw'");
    assertThat(dead.getString("topic")).isEqualTo("bank_txns");
    assertThat(dead.getString("detail")).isEqualTo("status: \"\u2400bad\"");
    assertThat(dead.getString("headers")).isEqualTo("[[\"trace\",null],[\"b\",\"AQ==\"]]");
    assertThat(dead.getBuffer("key")).isNull();
    assertThat(dead.getBuffer("value").getBytes()).isEqualTo(poison.value());
  }

  @Test
  void anEmptyGroupAndTwoCommitsOfOnePartition() {
    assertThat(commit(List.of())).isEmpty();
    StoredPartition mine = claimed("twice", 0);
    List<Commit> two = List.of(mine.commit(), mine.commit());
    assertThatThrownBy(() -> commit(two)).hasMessage("2 commits for 1 partitions");
  }

  private static StoredPartition claimed(String reconciliation, int partition) {
    Claim claim = await(claims.claim(reconciliation, partition, "node a", StoredPartition.STARTS));
    return new StoredPartition(reconciliation, partition, claim);
  }

  private static TransactionRow pending(String txnId) {
    return Samples.row(txnId, State.PENDING, List.of(Samples.event(txnId, "gateway", 1, 100)));
  }

  private static TransactionRow overdue(String txnId) {
    return Samples.row(
        txnId,
        State.OVERDUE,
        List.of(Samples.event(txnId, "gateway", 1, 100)),
        Samples.missing("bank"));
  }

  private static List<CommitAnswer> commit(Commit commit) {
    return commit(List.of(commit));
  }

  private static List<CommitAnswer> commit(List<Commit> group) {
    return await(store.commit(group));
  }

  private static List<TransactionRow> stored(
      String reconciliation, int partition, String... txnIds) {
    return await(queries.rows(reconciliation, partition, List.of(txnIds)));
  }

  private static List<Long> numbers(String sql) {
    List<Long> numbers = new ArrayList<>();
    await(pool.query(sql).execute()).forEach(row -> numbers.add(row.getLong(0)));
    return numbers;
  }

  private static Row one(String sql) {
    var rows = await(pool.query(sql).execute());
    assertThat(rows.size()).isEqualTo(1);
    return rows.iterator().next();
  }
}
