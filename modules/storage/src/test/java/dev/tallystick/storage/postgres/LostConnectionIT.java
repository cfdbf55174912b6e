package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import dev.tallystick.core.engine.CommitAnswer.Unknown;
import dev.tallystick.core.model.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that ends tells what it knows: not done, or not known. */
class LostConnectionIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static final long TIMEOUT_MS = 1_500;
  private static Pool direct;
  private static PgAddress database;
  private FaultProxy proxy;
  private Pool broken;
  private StoredPartition mine;
  private CommitStore store;
  private static int partitions;
  private int partition;

  @BeforeAll
  static void open() {
    database = ServerUnderTest.database();
    direct = PgPools.open(VERTX, database, 4, PgPools.Use.ENGINE);
  }

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @BeforeEach
  void claim() {
    proxy = new FaultProxy(VERTX, database);
    broken = PgPools.open(VERTX, proxy.address(database), 2, PgPools.Use.ENGINE);
    store = new CommitStore(VERTX, broken, () -> Samples.T0);
    partition = partitions++;
    Claim claim =
        await(
            new PartitionClaims(direct, java.util.Map.of())
                .claim("lost", partition, "node a", StoredPartition.STARTS));
    mine = new StoredPartition("lost", partition, claim);
    assertThat(answer(commit("FIRST"))).isEqualTo(new Committed(Samples.T0));
  }

  @Test
  void aBackendKilledBeforeCommitIsARefusalThatMayBeRepeated() {
    SqlConnection holder = await(direct.getConnection());
    await(holder.query("begin").execute());
    await(
        holder
            .query("select from partition_progress where partition = " + partition + " for update")
            .execute());
    Commit commit = commit("TXN");
    Future<List<CommitAnswer>> waiting =
        new CommitStore(VERTX, direct, () -> Samples.T0).commit(List.of(commit));
    await().until(() -> terminated() == 1);
    assertThat(await(waiting).getFirst())
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.transientCause()).isTrue();
              assertThat(refused.reason()).startsWith("57P01 ");
            });
    await(holder.query("rollback").execute());
    await(holder.close());
    assertThat(answer(commit)).isEqualTo(new Committed(Samples.T0));
  }

  @Test
  void anAnswerToCommitThatIsLostIsUnknownThoughItIsDone() {
    proxy.fault(FaultProxy.Fault.CLOSE_AFTER, "commit\0");
    assertThat(answer(commit("TXN"))).isInstanceOf(Unknown.class);
    assertThat(proxy.fired()).isEqualTo(1);
    await().until(() -> stored("TXN") == 1);
  }

  @Test
  void aCommitThatNeverArrivedIsUnknownAsWell() {
    proxy.fault(FaultProxy.Fault.CLOSE_BEFORE, "commit\0");
    assertThat(answer(commit("TXN"))).isInstanceOf(Unknown.class);
    assertThat(proxy.fired()).isEqualTo(1);
    assertThat(stored("TXN")).isZero();
  }

  @Test
  void aConnectionThatEndsWhileWritingIsARefusal() {
    proxy.fault(FaultProxy.Fault.CLOSE_BEFORE, "SECOND");
    Commit commit = commit("SECOND");
    assertThat(answer(commit))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.transientCause()).isTrue());
    assertThat(proxy.fired()).isEqualTo(1);
    proxy.fault(FaultProxy.Fault.NONE, "");
    // The pool may still hand out the closed connection once: refused again, and repeated.
    await().until(() -> answer(commit).equals(new Committed(Samples.T0)));
  }

  @Test
  void aServerThatFallsSilentIsNotWaitedForForEver() {
    store = new CommitStore(VERTX, broken, () -> Samples.T0, TIMEOUT_MS);
    proxy.fault(FaultProxy.Fault.SWALLOW, "commit\0");
    assertThat(answer(commit("TXN1")))
        .isEqualTo(new Unknown("no answer within " + TIMEOUT_MS + " ms"));
    proxy.fault(FaultProxy.Fault.SWALLOW, "TXN2");
    assertThat(answer(commit("TXN2")))
        .isEqualTo(new Refused(true, "no answer within " + TIMEOUT_MS + " ms"));
    assertThat(proxy.fired()).isEqualTo(2);
  }

  @Test
  void whatWasGivenUpIsNeverCommittedBehindTheAnswer() {
    SqlConnection holder = await(direct.getConnection());
    await(holder.query("begin").execute());
    await(
        holder
            .query("select from partition_progress where partition = " + partition + " for update")
            .execute());
    CommitStore hasty = new CommitStore(VERTX, direct, () -> Samples.T0, 300);
    assertThat(await(hasty.commit(List.of(commit("TXN")))))
        .containsExactly(new Refused(true, "no answer within 300 ms"));
    await(holder.query("rollback").execute());
    await(holder.close());
    // The next in the queue for the lock gets it when the attempt has ended.
    await(
        new PartitionClaims(direct, java.util.Map.of())
            .claim("lost", partition, "node b", StoredPartition.STARTS));
    assertThat(stored("TXN")).isZero();
  }

  @Test
  void aServerThatIsNotThereIsARefusal() {
    PgAddress nowhere = new PgAddress("127.0.0.1", 1, "none", "me", "secret");
    Pool none = PgPools.open(VERTX, nowhere, 1, PgPools.Use.ENGINE);
    assertThat(
            await(new CommitStore(VERTX, none, () -> 0).commit(List.of(commit("TXN")))).getFirst())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.transientCause()).isTrue());
  }

  private Commit commit(String txnId) {
    return mine.write(
            Samples.row(txnId, State.PENDING, List.of(Samples.event(txnId, "gateway", 1, 1))))
        .commit();
  }

  private CommitAnswer answer(Commit commit) {
    return await(store.commit(List.of(commit))).getFirst();
  }

  private long stored(String txnId) {
    return await(new TransactionQueries(direct).rows("lost", partition, List.of(txnId))).size();
  }

  /** Ends the sessions that wait for the lock. */
  private static long terminated() {
    return await(
            direct
                .query(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'")
                .execute())
        .iterator()
        .next()
        .getLong(0);
  }
}
