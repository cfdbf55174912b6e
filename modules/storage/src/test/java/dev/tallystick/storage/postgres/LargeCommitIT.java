package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.ArchiveSlice;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Commits as large as they come; the speed is printed, never judged. */
class LargeCommitIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static final int COUNT = 5_000;
  private static final int ROUNDS = 5;

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void fiveThousandTransactionsAreOneCommit() {
    Pool pool = PgPools.open(VERTX, ServerUnderTest.database(), 2, PgPools.Use.ENGINE);
    StoredPartition mine =
        new StoredPartition(
            "large",
            0,
            await(
                new PartitionClaims(pool, java.util.Map.of())
                    .claim("large", 0, "node a", StoredPartition.STARTS)));
    CommitStore store = new CommitStore(VERTX, pool, () -> Samples.T0);
    for (int round = 0; round < ROUNDS; round++) {
      long first = (long) round * COUNT;
      List<RawRecord> raw = new ArrayList<>();
      for (long i = first; i < first + COUNT; i++) {
        raw.add(
            Samples.raw(i, "TXN" + i, "{\"txn_id\":\"TXN" + i + "\",\"amount\":" + i * 7 + "}"));
        mine.write(row(i, State.PENDING));
      }
      mine.archive(new ArchiveSlice("gateway", raw)).at("gateway", first + COUNT, first + COUNT);
      run(store, "insert", mine.commit());
      for (long i = first; i < first + COUNT; i++) {
        mine.write(row(i, State.MATCHED));
      }
      run(store, "update", mine.commit());
    }
    assertThat(
            await(pool.query("select count(*) from transactions where version = 2").execute())
                .iterator()
                .next()
                .getLong(0))
        .isEqualTo((long) COUNT * ROUNDS);
  }

  private static TransactionRow row(long i, State state) {
    String txnId = "TXN" + i;
    return Samples.row(
        txnId,
        state,
        List.of(Samples.event(txnId, "bank", i, 100), Samples.event(txnId, "gateway", i, 100)));
  }

  private static void run(CommitStore store, String what, Commit commit) {
    long startNs = System.nanoTime();
    assertThat(await(store.commit(List.of(commit)))).containsExactly(new Committed(Samples.T0));
    long elapsedUs = (System.nanoTime() - startNs) / 1_000;
    System.out.printf(
        "%s of %d rows: %d ms, %d rows/s%n",
        what, COUNT, elapsedUs / 1_000, COUNT * 1_000_000L / elapsedUs);
  }
}
