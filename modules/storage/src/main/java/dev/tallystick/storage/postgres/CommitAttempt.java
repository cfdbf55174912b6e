package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.CommitAnswer.Committed;
import dev.tallystick.core.engine.CommitAnswer.Conflict;
import dev.tallystick.core.engine.CommitAnswer.Fenced;
import dev.tallystick.core.engine.CommitAnswer.Refused;
import dev.tallystick.core.engine.CommitAnswer.Unknown;
import dev.tallystick.core.engine.InvariantViolation;
import dev.tallystick.core.model.TransactionRow;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL transaction for a group of partitions: locks, writes, COMMIT. Statements are sent
 * together and awaited together. The phase is the one shared word: COMMIT is sent by whoever moves
 * it from WRITING, so an attempt that was given up is never committed behind the answer.
 */
final class CommitAttempt {

  /** Some transaction is not as expected; which one, the reading path finds out. */
  static final class Shortfall extends RuntimeException {
    Shortfall() {
      super("a row is not as expected", null, false, false);
    }
  }

  private enum Phase {
    WRITING,
    COMMITTING,
    GIVEN_UP
  }

  private static final String LOCK =
      "select "
          + LockedProgress.COLUMNS
          + """
            from unnest($1::text[], $2::int[], $3::bigint[]) as n(reconciliation, partition, epoch)
            join partition_progress p on p.reconciliation = n.reconciliation
             and p.partition = n.partition and p.epoch = n.epoch
           order by p.reconciliation, p.partition
             for no key update of p
          """;

  private static final String EPOCHS =
      """
      select p.reconciliation, p.partition, p.epoch
        from unnest($1::text[], $2::int[]) as n(reconciliation, partition)
        join partition_progress p
          on p.reconciliation = n.reconciliation and p.partition = n.partition
      """;

  private static final String CONFLICTS =
      "select n.reconciliation as n_reconciliation, n.partition as n_partition,"
          + " n.txn_id as n_txn_id, "
          + TransactionRows.COLUMNS
          + """
            from unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) with ordinality
              as n(reconciliation, partition, txn_id, expected, place)
            left join transactions t on t.reconciliation = n.reconciliation
             and t.partition = n.partition and t.txn_id = n.txn_id
          """
          + TransactionRows.WITH_MISMATCHES
          + """
           where t.version is distinct from nullif(n.expected, 0)
           order by n.place
          """;

  private final Vertx vertx;
  private final Pool pool;
  private final List<PreparedCommit> group;
  private final long nowMs;
  private final long timeoutMs;
  private final boolean reading;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WRITING);
  private final AtomicReference<@Nullable Throwable> farewell = new AtomicReference<>();
  private final Map<PartitionKey, CommitAnswer> answers = new TreeMap<>();

  /**
   * @param group in the order of the keys, each once
   * @param reading look for conflicts first instead of writing and counting
   */
  CommitAttempt(
      Vertx vertx,
      Pool pool,
      List<PreparedCommit> group,
      long nowMs,
      long timeoutMs,
      boolean reading) {
    this.vertx = vertx;
    this.pool = pool;
    this.group = group;
    this.nowMs = nowMs;
    this.timeoutMs = timeoutMs;
    this.reading = reading;
  }

  /**
   * Every partition's answer. Fails, with nothing written, by {@link Shortfall}, by {@link
   * InvariantViolation}, or by a refusal of the data ({@link PgErrors#isData}).
   */
  Future<Map<PartitionKey, CommitAnswer>> run() {
    Promise<Map<PartitionKey, CommitAnswer>> promise = Promise.promise();
    long timer = vertx.setTimer(timeoutMs, id -> promise.tryComplete(giveUp()));
    pool.getConnection()
        .compose(
            connection ->
                transaction(connection.exceptionHandler(farewell::set))
                    .recover(failure -> failed(connection, failure))
                    .eventually(() -> connection.close().otherwiseEmpty()))
        .recover(this::answered)
        .onComplete(
            result -> {
              vertx.cancelTimer(timer);
              if (result.succeeded()) {
                promise.tryComplete(result.result());
              } else {
                promise.tryFail(result.cause());
              }
            });
    return promise.future();
  }

  private Map<PartitionKey, CommitAnswer> giveUp() {
    String reason = "no answer within " + timeoutMs + " ms";
    return phase.compareAndSet(Phase.WRITING, Phase.GIVEN_UP)
        ? all(new Refused(true, reason))
        : all(new Unknown(reason));
  }

  private Future<Map<PartitionKey, CommitAnswer>> transaction(SqlConnection connection) {
    Future<?> begin = connection.query("begin isolation level read committed").execute();
    Future<RowSet<Row>> lock = connection.preparedQuery(LOCK).execute(keys(group, true));
    return settled(List.of(begin, lock))
        .compose(
            done -> {
              Map<PartitionKey, LockedProgress> locked = new TreeMap<>();
              for (Row row : lock.result()) {
                LockedProgress progress = LockedProgress.of(row);
                locked.put(progress.key(), progress);
              }
              return fence(connection, locked)
                  .compose(ours -> reading ? leaveOutConflicts(connection, ours) : done(ours))
                  .compose(ours -> write(connection, ours, locked));
            });
  }

  /** Leaves out what another owner has. */
  private Future<List<PreparedCommit>> fence(
      SqlConnection connection, Map<PartitionKey, LockedProgress> locked) {
    List<PreparedCommit> ours = new ArrayList<>();
    List<PreparedCommit> fenced = new ArrayList<>();
    for (PreparedCommit commit : group) {
      (locked.containsKey(commit.key()) ? ours : fenced).add(commit);
    }
    if (fenced.isEmpty()) {
      return done(ours);
    }
    return connection
        .preparedQuery(EPOCHS)
        .execute(keys(fenced, false))
        .map(
            rows -> {
              fenced.forEach(commit -> answers.put(commit.key(), new Fenced(0)));
              rows.forEach(row -> answers.put(key(row, ""), new Fenced(row.getLong("epoch"))));
              return ours;
            });
  }

  private Future<List<PreparedCommit>> leaveOutConflicts(
      SqlConnection connection, List<PreparedCommit> ours) {
    return connection
        .preparedQuery(CONFLICTS)
        .execute(expectations(ours))
        .map(
            rows -> {
              conflicts(rows).forEach((key, found) -> answers.put(key, new Conflict(found)));
              return ours.stream().filter(commit -> !answers.containsKey(commit.key())).toList();
            });
  }

  private static Map<PartitionKey, Map<String, Optional<TransactionRow>>> conflicts(
      RowSet<Row> rows) {
    Map<PartitionKey, Map<String, List<Row>>> byKey = new TreeMap<>();
    for (Row row : rows) {
      byKey
          .computeIfAbsent(key(row, "n_"), key -> new LinkedHashMap<>())
          .computeIfAbsent(TransactionRows.text(row, "n_txn_id"), id -> new ArrayList<>())
          .add(row);
    }
    Map<PartitionKey, Map<String, Optional<TransactionRow>>> found = new TreeMap<>();
    byKey.forEach(
        (key, transactions) -> {
          Map<String, Optional<TransactionRow>> stored = new LinkedHashMap<>();
          transactions.forEach(
              (txnId, lines) ->
                  stored.put(
                      txnId,
                      lines.getFirst().getLong("version") == null
                          ? Optional.empty()
                          : Optional.of(TransactionRows.read(lines).getFirst())));
          found.put(key, stored);
        });
    return found;
  }

  private Future<Map<PartitionKey, CommitAnswer>> write(
      SqlConnection connection,
      List<PreparedCommit> ours,
      Map<PartitionKey, LockedProgress> locked) {
    if (ours.isEmpty()) {
      return connection.query("rollback").execute().map(done -> answers);
    }
    List<Statement> statements = new ArrayList<>(RowStatements.of(ours, nowMs));
    statements.addAll(SideStatements.of(ours, locked, nowMs));
    List<Future<RowSet<Row>>> sent =
        statements.stream()
            .map(statement -> connection.preparedQuery(statement.sql()).execute(statement.values()))
            .toList();
    return settled(sent)
        .compose(
            done -> {
              List<Integer> counts = sent.stream().map(rows -> rows.result().rowCount()).toList();
              RuntimeException wrong = check(statements, counts, ours, locked);
              return wrong == null ? commit(connection, ours) : Future.failedFuture(wrong);
            });
  }

  /** A violation outranks a shortfall: it must not be mended by reading. */
  private @Nullable RuntimeException check(
      List<Statement> statements,
      List<Integer> counts,
      List<PreparedCommit> ours,
      Map<PartitionKey, LockedProgress> locked) {
    RuntimeException wrong = null;
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      if (statement.count() == Statement.ANY || statement.count() == counts.get(i)) {
        continue;
      }
      switch (statement.kind()) {
        case PROGRESS -> {
          return violation(ours, locked);
        }
        case TRANSACTIONS ->
            wrong =
                reading
                    ? new InvariantViolation(
                        "a transaction is written twice by "
                            + ours.size()
                            + " commits, first "
                            + ours.getFirst().key())
                    : new Shortfall();
        case OTHER -> {}
      }
    }
    return wrong;
  }

  private static InvariantViolation violation(
      List<PreparedCommit> ours, Map<PartitionKey, LockedProgress> locked) {
    for (PreparedCommit prepared : ours) {
      LockedProgress progress = locked.get(prepared.key());
      InvariantViolation found = progress == null ? null : progress.violation(prepared.commit());
      if (found != null) {
        return found;
      }
    }
    return new InvariantViolation("progress of " + ours.getFirst().key() + " was not written");
  }

  private Future<Map<PartitionKey, CommitAnswer>> commit(
      SqlConnection connection, List<PreparedCommit> ours) {
    if (!phase.compareAndSet(Phase.WRITING, Phase.COMMITTING)) {
      return connection.query("rollback").execute().map(done -> answers);
    }
    return connection
        .query("commit")
        .execute()
        .map(
            done -> {
              ours.forEach(commit -> answers.put(commit.key(), new Committed(nowMs)));
              return answers;
            })
        .recover(
            failure -> {
              if (!PgErrors.leavesCommitOpen(failure)) {
                return Future.failedFuture(failure);
              }
              Unknown unknown = new Unknown(reason(failure));
              ours.forEach(commit -> answers.put(commit.key(), unknown));
              return Future.succeededFuture(answers);
            });
  }

  private static <T> Future<T> failed(SqlConnection connection, Throwable failure) {
    return connection
        .query("rollback")
        .execute()
        .transform(rolledBack -> Future.failedFuture(failure));
  }

  /** The environment's failures are answers; the data's and our own are the caller's to sort. */
  private Future<Map<PartitionKey, CommitAnswer>> answered(Throwable failure) {
    boolean callers =
        failure instanceof Shortfall
            || failure instanceof InvariantViolation
            || PgErrors.isData(failure);
    return callers
        ? Future.failedFuture(failure)
        : Future.succeededFuture(all(new Refused(true, reason(failure))));
  }

  /** A server that ends a session says why beside the answers, which only say that it ended. */
  private String reason(Throwable failure) {
    Throwable last = farewell.get();
    return PgErrors.reason(last == null ? failure : last);
  }

  private Map<PartitionKey, CommitAnswer> all(CommitAnswer answer) {
    Map<PartitionKey, CommitAnswer> same = new TreeMap<>();
    group.forEach(commit -> same.put(commit.key(), answer));
    return same;
  }

  /** Waits for all, then fails with the first failure that is not an echo of another. */
  private static Future<?> settled(List<? extends Future<?>> sent) {
    return Future.join(sent)
        .recover(
            first -> {
              for (Future<?> one : sent) {
                if (one.failed() && !PgErrors.isEcho(one.cause())) {
                  return Future.failedFuture(one.cause());
                }
              }
              return Future.failedFuture(first);
            });
  }

  private static <T> Future<T> done(T value) {
    return Future.succeededFuture(value);
  }

  private static PartitionKey key(Row row, String prefix) {
    return new PartitionKey(
        TransactionRows.text(row, prefix + "reconciliation"), row.getInteger(prefix + "partition"));
  }

  private static Tuple keys(List<PreparedCommit> commits, boolean withEpoch) {
    Tuple keys =
        Tuple.tuple()
            .addValue(Columns.texts(commits, commit -> commit.key().reconciliation()))
            .addValue(Columns.ints(commits, commit -> commit.key().partition()));
    return withEpoch
        ? keys.addValue(Columns.numbers(commits, commit -> commit.commit().epoch()))
        : keys;
  }

  private static Tuple expectations(List<PreparedCommit> commits) {
    record Expected(PartitionKey key, TransactionWrite write) {}
    List<Expected> rows = new ArrayList<>();
    for (PreparedCommit prepared : commits) {
      Commit commit = prepared.commit();
      commit.writes().forEach(write -> rows.add(new Expected(prepared.key(), write)));
    }
    return Tuple.of(
        Columns.texts(rows, row -> row.key().reconciliation()),
        Columns.ints(rows, row -> row.key().partition()),
        Columns.texts(rows, row -> row.write().row().txnId()),
        Columns.numbers(rows, row -> row.write().expectedVersion()));
  }
}
