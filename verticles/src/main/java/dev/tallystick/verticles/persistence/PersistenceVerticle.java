package dev.tallystick.verticles.persistence;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.InvariantViolation;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.protocol.Messages.ClaimOrder;
import dev.tallystick.protocol.Messages.DueAnswer;
import dev.tallystick.protocol.Messages.DueOrder;
import dev.tallystick.storage.postgres.ClaimRefused;
import dev.tallystick.storage.postgres.CommitStore;
import dev.tallystick.storage.postgres.DueRowQuery;
import dev.tallystick.storage.postgres.PartitionClaims;
import dev.tallystick.storage.postgres.SourceStart;
import dev.tallystick.verticles.meters.EngineMeters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.sqlclient.Pool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The node's way into PostgreSQL. Commits of several partitions that wait at the same time go into
 * one PostgreSQL transaction; while it runs the next ones gather, so the batch follows the load.
 */
public final class PersistenceVerticle extends VerticleBase {

  /** PostgreSQL transactions under way at a time. */
  private static final int LANES = 2;

  /**
   * Time between the starts of two PostgreSQL transactions, unless much is waiting: what arrives
   * within it shares one. After a longer pause a commit starts at once.
   */
  private static final long GATHER_MS = 15;

  /** Rows that are enough not to gather any longer. */
  private static final int GATHERED_ROWS = 1_000;

  /** Rows in one PostgreSQL transaction; a single larger commit goes alone. */
  private static final int GROUP_ROWS_MAX = 10_000;

  private record PartitionOfCommit(String reconciliation, int partition) {}

  private final Pool pool;
  private final String owner;
  private final Map<String, PartitionClaims.Knowledge> known;
  private final LongSupplier clockMs;
  private final EngineMeters meters;
  private final Deque<Message<Commit>> waiting = new ArrayDeque<>();
  private final Promise<Void> idle = Promise.promise();
  private long lastStartNanos = System.nanoTime();
  private boolean gathering;
  private int running;
  private boolean stopping;

  /**
   * @param owner name of this node, for people who look at the progress table
   * @param known versions this node judges by, per reconciliation
   */
  public PersistenceVerticle(
      Pool pool,
      String owner,
      Map<String, PartitionClaims.Knowledge> known,
      LongSupplier clockMs,
      EngineMeters meters) {
    this.pool = pool;
    this.known = known;
    this.owner = owner;
    this.clockMs = clockMs;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    CommitStore store = new CommitStore(vertx, pool, clockMs);
    PartitionClaims claims = new PartitionClaims(pool, known);
    DueRowQuery dueRows = new DueRowQuery(pool);
    vertx
        .eventBus()
        .<Commit>localConsumer(
            Addresses.PERSISTENCE_COMMIT,
            message -> {
              waiting.add(message);
              next(store);
            });
    vertx
        .eventBus()
        .<ClaimOrder>localConsumer(Addresses.PERSISTENCE_CLAIM, message -> claim(claims, message));
    vertx
        .eventBus()
        .<DueOrder>localConsumer(Addresses.PERSISTENCE_DUE, message -> due(dueRows, message));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    completeWhenIdle();
    return idle.future();
  }

  private void completeWhenIdle() {
    if (stopping && running == 0 && waiting.isEmpty()) {
      idle.tryComplete();
    }
  }

  private void next(CommitStore store) {
    if (running == LANES || waiting.isEmpty()) {
      completeWhenIdle();
      return;
    }
    long waitMs = GATHER_MS - (System.nanoTime() - lastStartNanos) / 1_000_000;
    if (waitMs > 0 && waitingRows() < GATHERED_ROWS) {
      if (!gathering) {
        gathering = true;
        vertx.setTimer(
            waitMs,
            timer -> {
              gathering = false;
              next(store);
            });
      }
      return;
    }
    lastStartNanos = System.nanoTime();
    List<Message<Commit>> group = new ArrayList<>();
    int rows = 0;
    Set<PartitionOfCommit> members = new HashSet<>();
    while (!waiting.isEmpty()) {
      Commit first = waiting.getFirst().body();
      int more = first.writes().size();
      if (!group.isEmpty() && rows + more > GROUP_ROWS_MAX) {
        break;
      }
      if (!members.add(new PartitionOfCommit(first.reconciliation(), first.partition()))) {
        break; // a former actor's commit still waits: the two are not one
      }
      rows += more;
      group.add(waiting.removeFirst());
    }
    running++;
    commit(store, group)
        .onComplete(
            done -> {
              running--;
              next(store);
            });
    next(store);
  }

  private int waitingRows() {
    int rows = 0;
    for (Message<Commit> message : waiting) {
      rows += message.body().writes().size();
    }
    return rows;
  }

  /** Answers every message of the group. */
  private Future<?> commit(CommitStore store, List<Message<Commit>> group) {
    long startedNanos = System.nanoTime();
    List<Commit> commits = group.stream().map(Message::body).toList();
    return Future.<Void>succeededFuture()
        .compose(now -> store.commit(commits)) // what it throws is a failure like any other
        .map(
            answers -> {
              meters.committed(commits, answers, System.nanoTime() - startedNanos);
              for (int i = 0; i < group.size(); i++) {
                group.get(i).reply(answers.get(i));
              }
              return true;
            })
        .recover(failure -> failed(store, group, failure));
  }

  /** An own bug in one partition's commit must not stop the others: each is tried alone. */
  private Future<Boolean> failed(
      CommitStore store, List<Message<Commit>> group, Throwable failure) {
    if (failure instanceof InvariantViolation && group.size() > 1) {
      Future<?> each = Future.succeededFuture();
      for (Message<Commit> message : group) {
        each = each.compose(before -> commit(store, List.of(message)));
      }
      return each.map(true);
    }
    int code = failure instanceof InvariantViolation ? Messages.OWN_BUG : Messages.OUTCOME_UNKNOWN;
    group.forEach(message -> message.fail(code, String.valueOf(failure.getMessage())));
    return Future.succeededFuture(false);
  }

  private void claim(PartitionClaims claims, Message<ClaimOrder> message) {
    ClaimOrder order = message.body();
    List<SourceStart> starts =
        order.starts().stream()
            .map(
                start ->
                    new SourceStart(
                        start.source(), start.topic(), start.topicId(), start.logStart()))
            .toList();
    claims
        .claim(order.reconciliation(), order.partition(), owner, starts)
        .onSuccess(message::reply)
        .onFailure(
            failure ->
                message.fail(
                    failure instanceof ClaimRefused ? Messages.CLAIM_REFUSED : Messages.TRY_AGAIN,
                    failure.getMessage()));
  }

  private static void due(DueRowQuery dueRows, Message<DueOrder> message) {
    DueOrder order = message.body();
    dueRows
        .due(order.reconciliation(), order.partition(), Long.MAX_VALUE, order.limit())
        .onSuccess(
            (List<TransactionRow> rows) ->
                message.reply(new DueAnswer(rows, rows.size() == order.limit())))
        .onFailure(failure -> message.fail(Messages.TRY_AGAIN, failure.getMessage()));
  }
}
