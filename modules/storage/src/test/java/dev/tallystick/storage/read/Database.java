package dev.tallystick.storage.read;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.storage.postgres.CommitStore;
import dev.tallystick.storage.postgres.PartitionClaims;
import dev.tallystick.storage.postgres.PgAddress;
import dev.tallystick.storage.postgres.PgPools;
import dev.tallystick.storage.postgres.ServerUnderTest;
import dev.tallystick.storage.postgres.StoredPartition;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;

/** A database with the schema, written by real commits and read as people read it. */
final class Database implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  final Pool writing;
  final Pool reading;

  Database() {
    PgAddress address = ServerUnderTest.database();
    writing = PgPools.open(vertx, address, 2, PgPools.Use.ENGINE);
    reading = PgPools.open(vertx, address, 2, PgPools.Use.READING);
  }

  StoredPartition claimed(String reconciliation, int partition) {
    return new StoredPartition(
        reconciliation,
        partition,
        await(
            new PartitionClaims(writing, Map.of())
                .claim(reconciliation, partition, "node a", StoredPartition.STARTS)));
  }

  void commit(StoredPartition partition, long nowMs) {
    assertThat(
            await(new CommitStore(vertx, writing, () -> nowMs).commit(List.of(partition.commit()))))
        .containsExactly(new Committed(nowMs));
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
