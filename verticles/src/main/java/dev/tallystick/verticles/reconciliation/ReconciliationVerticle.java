package dev.tallystick.verticles.reconciliation;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.CommitAnswer;
import dev.tallystick.core.engine.EngineSettings;
import dev.tallystick.core.engine.Input;
import dev.tallystick.core.engine.Notice;
import dev.tallystick.core.engine.Output;
import dev.tallystick.core.engine.PartitionEngine;
import dev.tallystick.core.engine.SourcePosition;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.EventDecoder;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.protocol.Messages.BatchTaken;
import dev.tallystick.protocol.Messages.ClaimOrder;
import dev.tallystick.protocol.Messages.Deadline;
import dev.tallystick.protocol.Messages.DueAnswer;
import dev.tallystick.protocol.Messages.DueOrder;
import dev.tallystick.protocol.Messages.PartitionReady;
import dev.tallystick.protocol.Messages.PartitionStopped;
import dev.tallystick.protocol.Messages.RecordBatch;
import dev.tallystick.protocol.Messages.RoomAgain;
import dev.tallystick.protocol.Messages.Start;
import dev.tallystick.protocol.Messages.Ticked;
import dev.tallystick.storage.postgres.EventsText;
import dev.tallystick.verticles.meters.EngineMeters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor of one partition: bus messages become the engine's inputs, its outputs become bus
 * messages. Nothing about money is decided here.
 */
public final class ReconciliationVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ReconciliationVerticle.class);
  private static final long CLAIM_AGAIN_MS = 500;
  private static final long DRAIN_MAX_MS = 3_000;

  private final Rulebook rulebook;
  private final int partition;
  private final List<Start> starts;
  private final Map<String, EventDecoder> decoders;
  private final PartitionEngine engine;
  private final EngineMeters.Partition meters;
  private final Promise<Void> stopped = Promise.promise();
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private Map<String, SourcePosition> claimedFrom = Map.of();
  private boolean toldFull;
  private boolean refusing;
  private boolean ended;

  /**
   * @param decoders per source, {@code operator} included; used by this actor alone
   */
  public ReconciliationVerticle(
      Rulebook rulebook,
      int partition,
      List<Start> starts,
      Map<String, EventDecoder> decoders,
      EngineSettings settings,
      EngineMeters meters) {
    this.rulebook = rulebook;
    this.partition = partition;
    this.starts = starts;
    this.decoders = decoders;
    this.engine = new PartitionEngine(rulebook.name(), partition, rulebook, settings);
    this.meters = meters.partition(rulebook.name(), partition, engine);
  }

  /** Up at once; the claim that follows is told to ingestion. */
  @Override
  public Future<?> start() {
    consumers.add(
        vertx
            .eventBus()
            .<RecordBatch>localConsumer(
                Addresses.partition(rulebook.name(), partition), this::batch));
    consumers.add(
        vertx
            .eventBus()
            .<Ticked>localConsumer(
                Addresses.TIMERS_TICK, tick -> handle(new Input.Tick(tick.body().elapsedMs()))));
    consumers.add(
        vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.owner(rulebook.name(), partition), this::ask));
    perform(engine.start());
    return Future.succeededFuture();
  }

  /** Makes durable what is worth it; bounded, because whatever is missed will be read again. */
  @Override
  public Future<?> stop() {
    handle(new Input.Drain());
    long timer = vertx.setTimer(DRAIN_MAX_MS, late -> stopped.tryComplete());
    return stopped
        .future()
        .onComplete(
            done -> {
              ended = true;
              vertx.cancelTimer(timer);
              meters.close();
              consumers.forEach(MessageConsumer::unregister);
            });
  }

  /** What has arrived and has no row yet; who has no claim says so. */
  private void ask(Message<JsonObject> question) {
    if (ended || engine.epoch() == 0) {
      question.fail(Messages.TRY_AGAIN, "no claim on the partition");
      return;
    }
    List<Event> arrived = engine.arrivedWithoutRow(question.body().getString("txn_id", ""));
    question.reply(
        new JsonObject().put("events", arrived.isEmpty() ? null : EventsText.write(arrived)));
  }

  private void batch(Message<RecordBatch> message) {
    RecordBatch batch = message.body();
    EventDecoder decoder = decoders.get(batch.source());
    if (decoder == null) {
      throw new IllegalStateException("no decoder for source " + batch.source());
    }
    List<Reading> readings = new ArrayList<>(batch.records().size());
    try {
      for (RawRecord record : batch.records()) {
        readings.add(decoder.decode(record));
      }
    } catch (RuntimeException bug) {
      ownBug(bug);
      message.fail(Messages.OWN_BUG, String.valueOf(bug.getMessage()));
      return;
    }
    long before = engine.absorbed(batch.source());
    handle(
        new Input.Batch(
            batch.epoch(), batch.source(), batch.from(), batch.to(), readings, batch.timeMs()));
    long absorbed = engine.absorbed(batch.source());
    if (absorbed > before) {
      SourcePosition start = claimedFrom.get(batch.source());
      meters.read(batch.source(), readings, start == null ? 0 : start.archivedTo());
    }
    boolean accepting = engine.isAccepting();
    toldFull = !accepting;
    message.reply(new BatchTaken(absorbed, accepting));
  }

  private void handle(Input input) {
    if (ended) {
      return;
    }
    try {
      perform(engine.handle(input));
    } catch (RuntimeException bug) { // half an input may have been taken: nothing can follow it
      ownBug(bug);
      return;
    }
    if (toldFull && engine.isAccepting()) {
      toldFull = false;
      tellIngestion(new RoomAgain(partition));
    }
  }

  private void ownBug(RuntimeException bug) {
    LOG.error("partition {}/{}: own bug, stopping", rulebook.name(), partition, bug);
    endWith(false, "own bug: " + bug);
  }

  private void perform(List<Output> outputs) {
    for (Output output : outputs) {
      switch (output) {
        case Output.RequestClaim() -> claim();
        case Output.Write(Commit commit) -> write(commit);
        case Output.QueryDue(int limit) -> queryDue(limit);
        case Output.Publish(List<Notice> notices) -> publish(notices);
        case Output.WantTime(long deadlineMs) ->
            vertx
                .eventBus()
                .send(
                    Addresses.TIMERS_ARM,
                    new Deadline(rulebook.name(), partition, deadlineMs),
                    Messages.LOCAL);
        case Output.Rewind(String source, long position) ->
            LOG.debug("{}/{} {} goes on at {}", rulebook.name(), partition, source, position);
        case Output.Stopped(Output.Reason reason, String detail) -> engineStopped(reason, detail);
      }
    }
  }

  private void claim() {
    vertx
        .eventBus()
        .<Claim>request(
            Addresses.PERSISTENCE_CLAIM,
            new ClaimOrder(rulebook.name(), partition, starts),
            Messages.LOCAL_PATIENT)
        .onSuccess(reply -> claimed(reply.body()))
        .onFailure(this::notClaimed);
  }

  private void claimed(Claim claim) {
    if (ended) {
      return;
    }
    claimedFrom = claim.positions();
    LOG.info("partition {}/{} claimed with epoch {}", rulebook.name(), partition, claim.epoch());
    handle(new Input.Claimed(claim));
    tellIngestion(new PartitionReady(partition, claim.epoch(), claim.positions()));
  }

  private void notClaimed(Throwable failure) {
    if (ended) {
      return;
    }
    if (failure instanceof ReplyException refusal
        && refusal.failureCode() == Messages.CLAIM_REFUSED) {
      endWith(false, String.valueOf(failure.getMessage()));
      return;
    }
    LOG.warn(
        "partition {}/{} not claimed: {}; trying again in {} ms",
        rulebook.name(),
        partition,
        failure.getMessage(),
        CLAIM_AGAIN_MS);
    vertx.setTimer(
        CLAIM_AGAIN_MS,
        timer -> {
          if (!ended) {
            claim();
          }
        });
  }

  private void write(Commit commit) {
    vertx
        .eventBus()
        .<CommitAnswer>request(Addresses.PERSISTENCE_COMMIT, commit, Messages.LOCAL_PATIENT)
        .onSuccess(reply -> answered(commit, reply.body()))
        .onFailure(
            failure -> {
              if (failure instanceof ReplyException refusal
                  && refusal.failureCode() == Messages.OWN_BUG) {
                endWith(false, "own bug: " + failure.getMessage());
              } else {
                answered(commit, new CommitAnswer.Unknown(String.valueOf(failure.getMessage())));
              }
            });
  }

  private void answered(Commit commit, CommitAnswer answer) {
    say(answer);
    handle(new Input.Answered(commit.attempt(), answer));
    meters.answered(commit, answer);
    if (answer instanceof CommitAnswer.Committed(long atMs) && !commit.writes().isEmpty()) {
      vertx.eventBus().publish(Addresses.NEWS_TRANSACTIONS, NewsJson.transactions(commit, atMs));
    }
  }

  /** Once per change: that PostgreSQL refuses, and that it takes commits again. */
  private void say(CommitAnswer answer) {
    if (answer instanceof CommitAnswer.Refused(boolean transientCause, String reason)
        && (!refusing || !transientCause)) {
      refusing = true;
      LOG.warn(
          "partition {}/{}: commit refused: {}; {}",
          rulebook.name(),
          partition,
          reason,
          transientCause ? "trying again" : "looking for the record");
    } else if (refusing && answer instanceof CommitAnswer.Committed) {
      refusing = false;
      LOG.info("partition {}/{}: commits go on", rulebook.name(), partition);
    }
  }

  private void queryDue(int limit) {
    vertx
        .eventBus()
        .<DueAnswer>request(
            Addresses.PERSISTENCE_DUE,
            new DueOrder(rulebook.name(), partition, limit),
            Messages.LOCAL_PATIENT)
        .onSuccess(reply -> handle(new Input.DueRows(reply.body().rows(), reply.body().full())))
        .onFailure(
            failure -> vertx.setTimer(CLAIM_AGAIN_MS, timer -> handle(new Input.DueFailed())));
  }

  /** Only what is durable comes here; a repeat carries the same number. */
  private void publish(List<Notice> notices) {
    vertx
        .eventBus()
        .publish(
            Addresses.NEWS_MISMATCHES, NewsJson.mismatches(rulebook.name(), partition, notices));
    handle(new Input.Published(notices.getLast().seq()));
  }

  private void engineStopped(Output.Reason reason, String detail) {
    switch (reason) {
      case DRAINED -> stopped.tryComplete();
      case FENCED, UNKNOWN -> endWith(true, reason + ": " + detail);
    }
  }

  private void endWith(boolean again, String detail) {
    ended = true;
    stopped.tryComplete();
    tellIngestion(new PartitionStopped(partition, again, detail));
  }

  private void tellIngestion(Messages.ToIngestion message) {
    vertx.eventBus().send(Addresses.ingestion(rulebook.name()), message, Messages.LOCAL);
  }
}
