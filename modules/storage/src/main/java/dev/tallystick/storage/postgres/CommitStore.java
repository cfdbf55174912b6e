package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Makes commits durable, those of several partitions in one PostgreSQL transaction (protocol,
 * section 6). It holds nothing between calls; groups may run side by side and may overlap.
 *
 * <p>The server's own limits end most hangs (see {@link PgPools}); {@link #TIMEOUT_MS} is for a
 * server that answers nothing at all.
 */
public final class CommitStore {

  /** A group without an outcome by then is answered Refused, or Unknown if COMMIT was sent. */
  public static final long TIMEOUT_MS = 15_000;

  /** Above this much to compress, a worker thread does it. */
  static final long INLINE_BYTES_MAX = 128 * 1024;

  private final Vertx vertx;
  private final Pool pool;
  private final LongSupplier clock;
  private final long timeoutMs;

  /**
   * @param pool made for {@link PgPools.Use#ENGINE}
   * @param clock epoch milliseconds; read once per group, written with its rows
   */
  public CommitStore(Vertx vertx, Pool pool, LongSupplier clock) {
    this(vertx, pool, clock, TIMEOUT_MS);
  }

  CommitStore(Vertx vertx, Pool pool, LongSupplier clock, long timeoutMs) {
    this.vertx = vertx;
    this.pool = pool;
    this.clock = clock;
    this.timeoutMs = timeoutMs;
  }

  /**
   * The answers, in the order of the commits. A partition that is fenced, conflicts or holds
   * refused data costs the others nothing but time.
   *
   * <p>Fails only for an own bug, a {@link dev.tallystick.core.engine.InvariantViolation} that
   * names the partition (progress or seq going back, an unknown source). Then nothing was written
   * for that partition; for the others of the group the outcome is Unknown (mostly: nothing
   * written).
   *
   * @param commits of different partitions
   */
  public Future<List<CommitAnswer>> commit(List<Commit> commits) {
    long nowMs = clock.getAsLong();
    return prepare(commits)
        .compose(group -> commit(group, nowMs))
        .map(
            answers ->
                commits.stream()
                    .map(c -> answers.get(new PartitionKey(c.reconciliation(), c.partition())))
                    .toList());
  }

  private Future<List<PreparedCommit>> prepare(List<Commit> commits) {
    long partitions =
        commits.stream()
            .map(commit -> new PartitionKey(commit.reconciliation(), commit.partition()))
            .distinct()
            .count();
    if (partitions < commits.size()) {
      return Future.failedFuture(
          new IllegalArgumentException(
              commits.size() + " commits for " + partitions + " partitions"));
    }
    return PreparedCommit.archiveBytes(commits) > INLINE_BYTES_MAX
        ? vertx.executeBlocking(() -> prepared(commits), false).map(Objects::requireNonNull)
        : Future.succeededFuture(prepared(commits));
  }

  private static List<PreparedCommit> prepared(List<Commit> commits) {
    return commits.stream()
        .map(PreparedCommit::of)
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .toList();
  }

  private Future<Map<PartitionKey, CommitAnswer>> commit(List<PreparedCommit> group, long nowMs) {
    if (group.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return attempt(group, nowMs, false)
        .recover(
            failure ->
                failure instanceof CommitAttempt.Shortfall
                    ? attempt(group, nowMs, true)
                    : Future.failedFuture(failure))
        .recover(
            failure ->
                PgErrors.isData(failure)
                    ? refused(group, nowMs, failure)
                    : Future.failedFuture(failure));
  }

  private Future<Map<PartitionKey, CommitAnswer>> attempt(
      List<PreparedCommit> group, long nowMs, boolean reading) {
    return new CommitAttempt(vertx, pool, group, nowMs, timeoutMs, reading).run();
  }

  /** Somebody's data is refused: each partition alone, one after the other. */
  private Future<Map<PartitionKey, CommitAnswer>> refused(
      List<PreparedCommit> group, long nowMs, Throwable failure) {
    if (group.size() == 1) {
      Refused answer = new Refused(false, PgErrors.reason(failure));
      return Future.succeededFuture(Map.of(group.getFirst().key(), answer));
    }
    Future<Map<PartitionKey, CommitAnswer>> all = Future.succeededFuture(new TreeMap<>());
    for (PreparedCommit one : group) {
      all =
          all.compose(
              answers ->
                  commit(List.of(one), nowMs)
                      // Those before it may be durable: its bug must not make them unknown.
                      .recover(bug -> Future.succeededFuture(unknown(one, bug)))
                      .map(
                          answer -> {
                            answers.putAll(answer);
                            return answers;
                          }));
    }
    return all;
  }

  private static Map<PartitionKey, CommitAnswer> unknown(PreparedCommit one, Throwable bug) {
    return Map.of(one.key(), new CommitAnswer.Unknown(PgErrors.reason(bug)));
  }
}
