package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Fenced;
import dev.tallystick.core.engine.Notice;
import dev.tallystick.core.engine.SourcePosition;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who owns a partition, told by the database. */
class PartitionClaimsIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static Pool pool;
  private static PartitionClaims claims;
  private static CommitStore store;

  @BeforeAll
  static void open() {
    pool = PgPools.open(VERTX, ServerUnderTest.database(), 4, PgPools.Use.ENGINE);
    claims = new PartitionClaims(pool, java.util.Map.of());
    store = new CommitStore(VERTX, pool, () -> Samples.T0);
  }

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void theFirstClaimStartsAtTheLogStartAndEachLaterOneRaisesTheEpoch() {
    List<SourceStart> starts =
        List.of(
            new SourceStart("gateway", "gateway_txns", "id-g", 17),
            new SourceStart("operator", "commands", "id-o", 3));
    Claim first = await(claims.claim("first", 0, "node a", starts));
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(first.positions())
        .containsExactly(
            entry("gateway", new SourcePosition(17, 17)),
            entry("operator", new SourcePosition(3, 3)));
    assertThat(first.seq()).isZero();
    assertThat(first.storedWatermarkMs()).isEqualTo(Event.NONE);
    assertThat(first.unpublished()).isEmpty();

    assertThat(await(claims.claim("first", 0, "node b", starts)).epoch()).isEqualTo(2);
    assertThat(await(claims.claim("first", 1, "node b", starts)).epoch()).isEqualTo(1);
  }

  @Test
  void nodesThatAreFirstTogetherGetEpochsOfTheirOwn() {
    List<Future<Claim>> together =
        LongStream.range(0, 4)
            .mapToObj(i -> claims.claim("together", 0, "node " + i, StoredPartition.STARTS))
            .toList();
    assertThat(together.stream().map(claim -> await(claim).epoch()))
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
  }

  @Test
  void aFormerOwnerIsFencedAndItsSuccessorSeesWhatItStored() {
    Claim mine = claim("fence");
    StoredPartition former = new StoredPartition("fence", 0, mine);
    former.write(
        Samples.row(
            "TXN1",
            State.MISMATCHED,
            List.of(Samples.event("TXN1", "gateway", 4, 5000)),
            Samples.amount("bank", 5000, 4500),
            Samples.missing("core")));
    former.at("gateway", 5, 5).published(0);
    assertThat(await(store.commit(List.of(former.commit()))))
        .containsExactly(new Committed(Samples.T0));

    Claim theirs = claim("fence");
    assertThat(theirs.epoch()).isEqualTo(mine.epoch() + 1);
    assertThat(theirs.positions().get("gateway")).isEqualTo(new SourcePosition(5, 5));
    assertThat(theirs.seq()).isEqualTo(2);
    assertThat(theirs.unpublished()).extracting(Notice::seq).containsExactly(1L, 2L);
    assertThat(theirs.unpublished().getFirst().payload())
        .contains("\"seq\":1,", "\"txn_id\":\"TXN1\"");

    former.write(
        Samples.row("TXN2", State.PENDING, List.of(Samples.event("TXN2", "gateway", 5, 1))));
    assertThat(await(store.commit(List.of(former.commit()))))
        .containsExactly(new Fenced(theirs.epoch()));
    assertThat(await(new TransactionQueries(pool).rows("fence", 0, List.of("TXN2")))).isEmpty();
  }

  @Test
  void unpublishedChangesComeBackCompletelyHoweverManyTheyAre() {
    StoredPartition owner = new StoredPartition("pages", 0, claim("pages"));
    LongStream.range(0, 2_500)
        .forEach(
            i ->
                owner.write(
                    Samples.row(
                        "TXN" + i,
                        State.OVERDUE,
                        List.of(Samples.event("TXN" + i, "gateway", i, 1)),
                        Samples.missing("bank"))));
    await(store.commit(List.of(owner.commit())));
    assertThat(claim("pages").unpublished())
        .extracting(Notice::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 2_500).boxed().toList());
    owner.published(2_400);
  }

  @Test
  void theStoredWatermarkStaysWhereItWasOnceTrue() {
    StoredPartition owner = new StoredPartition("time", 0, claim("time"));
    await(store.commit(List.of(owner.watermark(Samples.T0).commit())));
    await(store.commit(List.of(owner.watermark(Samples.T0 - 5).commit())));
    await(store.commit(List.of(owner.watermark(Event.NONE).commit())));
    assertThat(claim("time").storedWatermarkMs()).isEqualTo(Samples.T0);
  }

  @Test
  void aSourceOfALaterVersionIsAppendedAtItsStart() {
    claim("grown");
    List<SourceStart> more =
        List.of(
            StoredPartition.STARTS.get(0),
            new SourceStart("mobile", "mobile_txns", "id-m", 99),
            StoredPartition.STARTS.get(1),
            StoredPartition.STARTS.get(2));
    Claim grown = await(claims.claim("grown", 0, "node a", more));
    assertThat(grown.positions().keySet()).containsExactly("gateway", "bank", "operator", "mobile");
    assertThat(grown.positions().get("mobile")).isEqualTo(new SourcePosition(99, 99));
    StoredPartition owner = new StoredPartition("grown", 0, grown);
    owner.at("mobile", 100, 100);
    assertThat(await(store.commit(List.of(owner.commit()))))
        .containsExactly(new Committed(Samples.T0));
  }

  @Test
  void aTopicMadeAnewIsRefusedAndFencesNobody() {
    Claim mine = claim("recreated");
    List<SourceStart> anew = List.of(new SourceStart("gateway", "gateway_txns", "id-other", 0));
    assertThatThrownBy(() -> await(claims.claim("recreated", 0, "node b", anew)))
        .isInstanceOf(ClaimRefused.class)
        .hasMessage("recreated/0: topic recreated gateway_txns: old id id-g, new id id-other");
    List<SourceStart> renamed = List.of(new SourceStart("gateway", "other_txns", "id-g", 0));
    assertThatThrownBy(() -> await(claims.claim("recreated", 0, "node b", renamed)))
        .isInstanceOf(ClaimRefused.class)
        .hasMessageContaining("was read from topic gateway_txns, not other_txns");
    assertThat(claim("recreated").epoch()).isEqualTo(mine.epoch() + 1);
  }

  @Test
  void aClaimWaitsForTheRunningCommitAndSeesItsPositions() {
    claim("running");
    SqlConnection owner = await(pool.getConnection());
    await(owner.query("begin").execute());
    await(
        owner
            .query(
                "update partition_progress set positions = '{7,8,9}', seq = 5"
                    + " where reconciliation = 'running'")
            .execute());

    Future<Claim> claim = claims.claim("running", 0, "node b", StoredPartition.STARTS);
    await().until(() -> await(waiting()) == 1);
    assertThat(claim.isComplete()).isFalse();
    await(owner.query("commit").execute());

    assertThat(await(claim).positions()).containsEntry("bank", new SourcePosition(8, 0));
    assertThat(await(claim).seq()).isEqualTo(5);
    await(owner.close());
  }

  @Test
  void aClaimThatWaitsTooLongFailsAndMayBeRepeated() {
    claim("hung");
    SqlConnection owner = await(pool.getConnection());
    await(owner.query("begin").execute());
    await(
        owner
            .query("update partition_progress set seq = 5 where reconciliation = 'hung'")
            .execute());
    assertThatThrownBy(() -> claim("hung"))
        .isInstanceOf(TransientFailure.class)
        .hasMessageStartingWith("claim of hung/0: 55P03 ");
    await(owner.query("rollback").execute());
    await(owner.close());
    assertThat(claim("hung").epoch()).isEqualTo(2);
  }

  private static Claim claim(String reconciliation) {
    return await(claims.claim(reconciliation, 0, "node a", StoredPartition.STARTS));
  }

  /** Sessions of this database that wait for a lock. */
  private static Future<Long> waiting() {
    return pool.query(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  @Test
  void aNodeThatDoesNotKnowTheNewestVersionDoesNotClaim() {
    await(
        pool.query(
                "insert into reconciliation_versions (reconciliation, version, hash, definition,"
                    + " judge_version) values ('newer', 1, '', '', 1), ('newer', 2, '', '', 1)")
            .execute());
    PartitionClaims old =
        new PartitionClaims(pool, java.util.Map.of("newer", new PartitionClaims.Knowledge(1, 1)));
    PartitionClaims current =
        new PartitionClaims(pool, java.util.Map.of("newer", new PartitionClaims.Knowledge(2, 1)));

    assertThatThrownBy(() -> await(old.claim("newer", 0, "node a", StoredPartition.STARTS)))
        .isInstanceOf(ClaimRefused.class)
        .hasMessageStartingWith("newer: this node knows version 1 and judge version 1");
    assertThat(await(current.claim("newer", 0, "node b", StoredPartition.STARTS)).epoch())
        .as("the refused claim left no trace")
        .isEqualTo(1);
  }
}
