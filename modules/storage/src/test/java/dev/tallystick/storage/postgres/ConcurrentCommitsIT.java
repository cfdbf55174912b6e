package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Conflict;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many commits: side by side without deadlocks, one after the other with exact statistics. */
class ConcurrentCommitsIT {

  private static final int PARTITIONS = 6;
  private static final List<State> STATES = List.of(State.values());

  private final Vertx vertx = Vertx.vertx();
  private Pool pool;
  private PartitionClaims claims;

  @BeforeEach
  void open() {
    pool = PgPools.open(vertx, ServerUnderTest.database(), 6, PgPools.Use.ENGINE);
    claims = new PartitionClaims(pool, java.util.Map.of());
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void overlappingGroupsNeverDeadlock() {
    Random random = new Random(1);
    List<Claim> claimed = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      claimed.add(claim(partition));
    }
    int rounds = 60;
    for (int round = 0; round < rounds; round++) {
      List<Future<List<CommitAnswer>>> both = new ArrayList<>();
      for (int node = 0; node < 3; node++) {
        List<Commit> group = new ArrayList<>();
        for (int partition : shuffled(PARTITIONS, random).subList(0, 4)) {
          String prefix = "N" + node + "R" + round + "T";
          StoredPartition part = new StoredPartition("busy", partition, claimed.get(partition));
          for (int i : shuffled(8, random)) {
            part.write(
                Samples.row(
                    prefix + i, State.PENDING, List.of(Samples.event(prefix + i, "bank", 1, i))));
          }
          group.add(part.commit());
        }
        both.add(new CommitStore(vertx, pool, () -> Samples.T0).commit(group));
      }
      for (Future<List<CommitAnswer>> one : both) {
        assertThat(await(one)).containsOnly(new Committed(Samples.T0));
      }
    }
    assertThat(count("select count(*) from transactions")).isEqualTo(rounds * 3L * 4 * 8);
    assertThat(count("select deadlocks from pg_stat_database where datname = current_database()"))
        .isZero();
    assertStatistics();
  }

  @Test
  void statisticsAreTheGroupByAfterAnySequence() {
    Random random = new Random(7);
    List<StoredPartition> parts = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      parts.add(new StoredPartition("busy", partition, claim(partition)));
    }
    int conflicts = 0;
    for (int round = 0; round < 60; round++) {
      List<Commit> group = new ArrayList<>();
      for (StoredPartition part : parts) {
        shuffled(12, random).subList(0, 4).forEach(i -> part.write(random(i, random)));
        group.add(part.commit());
      }
      if (random.nextInt(3) == 0) {
        // A ghost in one partition: nothing of it is counted, all of the others is.
        Claim anew = claim(3);
        StoredPartition ghost = new StoredPartition("busy", 3, anew);
        ghost.write(random(0, random));
        group.add(ghost.commit());
      }
      for (CommitAnswer answer : await(new CommitStore(vertx, pool, () -> 0).commit(group))) {
        assertThat(answer).isInstanceOfAny(Committed.class, Conflict.class);
        conflicts += answer instanceof Conflict ? 1 : 0;
      }
      assertStatistics();
    }
    assertThat(conflicts).isPositive();
    assertThat(count("select count(*) from statistics where transactions <= 0")).isZero();
  }

  private static TransactionRow random(int i, Random random) {
    String txnId = "TXN" + i;
    State state = STATES.get(random.nextInt(STATES.size()));
    if (random.nextInt(10) == 0) {
      return Samples.row(txnId, State.PENDING, List.of());
    }
    var event = Samples.event(txnId, "bank", random.nextInt(4) * 60_000L, 1);
    return random.nextBoolean()
        ? Samples.row(txnId, state, List.of(event))
        : Samples.row(txnId, state, List.of(event), Samples.missing("gateway"));
  }

  private void assertStatistics() {
    assertThat(
            table(
                "select reconciliation, partition, minute::text, state, worst, transactions"
                    + " from statistics"))
        .isEqualTo(
            table(
                "select reconciliation, partition,"
                    + " coalesce(date_trunc('minute', first_arrival, 'UTC'), '-infinity')::text,"
                    + " state, coalesce(worst, ''), count(*) from transactions"
                    + " group by 1, 2, 3, 4, 5"))
        .isNotEmpty();
  }

  private Map<String, Long> table(String sql) {
    Map<String, Long> table = new TreeMap<>();
    for (Row row : await(pool.query(sql).execute())) {
      table.put(
          row.getString(0)
              + "/"
              + row.getInteger(1)
              + " "
              + row.getString(2)
              + " "
              + row.getString(3)
              + " "
              + row.getString(4),
          row.getLong(5));
    }
    return table;
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    return numbers;
  }

  private Claim claim(int partition) {
    return await(claims.claim("busy", partition, "node a", StoredPartition.STARTS));
  }

  private long count(String sql) {
    return await(pool.query(sql).execute()).iterator().next().getLong(0);
  }
}
