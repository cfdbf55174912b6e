package dev.tallystick.verticles.bridge;

import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.wire.TimeText;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.storage.read.ReconciliationFigures;
import dev.tallystick.verticles.http.SameOrigin;
import dev.tallystick.verticles.meters.EngineMeters;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears the news of all nodes and tells them to the browsers of this one. What it costs depends on
 * the news and on the browsers, not on their product: an address is conflated once, whoever
 * listens.
 *
 * <p>Deploy it before the HTTP server, which calls {@link #mount}.
 */
public final class BridgeVerticle extends VerticleBase {

  private final EngineMeters meters;
  private final BridgeLimits limits;
  private final LongSupplier clockMs;
  private final LongSupplier nanoTime;
  private final Supplier<Future<List<ReconciliationFigures>>> figures;
  private final Map<String, List<String>> sourcesByReconciliation;
  private final Lane all = new Lane(Addresses.MISMATCHES);
  private final Map<MismatchType, Lane> byType = new EnumMap<>(MismatchType.class);
  private final TransactionGathering transactions = new TransactionGathering();
  private boolean transactionsArmed;
  private @Nullable KpiTicker kpi;
  private @Nullable AutoCloseable gauge;
  private @Nullable BrowserSockets sockets;

  /** An address and what is gathered for it. */
  private static final class Lane {
    final String address;
    final MismatchConflation conflation = new MismatchConflation();

    Lane(String address) {
      this.address = address;
    }
  }

  /**
   * @param figures asked at most once a second, and only while a browser wants them; the
   *     reconciliations in order
   * @param sourcesByReconciliation in the order of the definition
   * @param clockMs epoch milliseconds
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  public BridgeVerticle(
      Supplier<Future<List<ReconciliationFigures>>> figures,
      Map<String, List<String>> sourcesByReconciliation,
      EngineMeters meters,
      LongSupplier clockMs,
      LongSupplier nanoTime,
      BridgeLimits limits) {
    this.figures = figures;
    this.sourcesByReconciliation = sourcesByReconciliation;
    this.meters = meters;
    this.clockMs = clockMs;
    this.nanoTime = nanoTime;
    this.limits = limits;
    for (MismatchType type : MismatchType.values()) {
      byType.put(type, new Lane(Addresses.mismatches(type)));
    }
  }

  @Override
  public Future<?> start() {
    KpiTicker ticker =
        new KpiTicker(
            vertx, figures, new KpiMessage(sourcesByReconciliation), clockMs, this::nowMs);
    kpi = ticker;
    BrowserSockets opened =
        new BrowserSockets(
            vertx, limits, meters, delta -> context.runOnContext(on -> ticker.wanted(delta)));
    sockets = opened;
    gauge = meters.bridgeSockets(opened::open);
    return Future.all(
        vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.NEWS_MISMATCHES, this::mismatches)
            .completion(),
        vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.NEWS_TRANSACTIONS, this::transactions)
            .completion());
  }

  @Override
  public Future<?> stop() throws Exception {
    if (kpi != null) {
      kpi.stop();
    }
    if (gauge != null) {
      gauge.close();
    }
    return Future.succeededFuture();
  }

  /**
   * Puts the bridge at {@code /eventbus/*}. To be called once this verticle is deployed, on the
   * context of the HTTP server, of which there may be one.
   */
  public void mount(Router router) {
    if (sockets == null) {
      throw new IllegalStateException("the bridge is mounted before it is deployed");
    }
    Admission admission = new Admission(sockets::hasRoom);
    router.route("/eventbus/*").handler(SameOrigin::only).handler(admission::handle);
    router.route("/eventbus/*").subRouter(sockets.routes());
  }

  private void mismatches(Message<JsonObject> news) {
    JsonObject body = news.body();
    String stream = body.getString("reconciliation") + '/' + body.getInteger("partition");
    long nowMs = nowMs();
    for (Object each : body.getJsonArray("notices")) {
      JsonObject notice = (JsonObject) each;
      long seq = notice.getLong("seq");
      String payload = notice.getString("payload");
      offer(all, nowMs, stream, seq, payload);
      MismatchType type = MismatchType.valueOf(notice.getString("type"));
      offer(byType.computeIfAbsent(type, BridgeVerticle::unknown), nowMs, stream, seq, payload);
    }
  }

  private static Lane unknown(MismatchType type) {
    throw new IllegalStateException("no lane for " + type);
  }

  private void offer(Lane lane, long nowMs, String stream, long seq, String payload) {
    boolean gathering = lane.conflation.isGathering();
    if (lane.conflation.passes(nowMs, stream, seq)) {
      tell(lane.address, payload);
    } else if (!gathering) {
      vertx.setTimer(
          MismatchConflation.GATHER_MS, timer -> tell(lane.address, lane.conflation.take()));
    }
  }

  private void transactions(Message<JsonObject> news) {
    JsonObject body = news.body();
    transactions.add(body.getLong("written"), body.getJsonArray("items").getList());
    tellTransactions();
  }

  private void tellTransactions() {
    if (transactions.isEmpty()) {
      return; // told already, by news that came just before the timer
    }
    long nowMs = nowMs();
    long waitMs = transactions.waitMs(nowMs);
    if (waitMs == 0) {
      tell(Addresses.TRANSACTIONS, transactions.take(nowMs, TimeText.of(clockMs.getAsLong())));
    } else if (!transactionsArmed) {
      transactionsArmed = true;
      vertx.setTimer(
          waitMs,
          timer -> {
            transactionsArmed = false;
            tellTransactions();
          });
    }
  }

  /** To the sockets of this node. */
  private void tell(String address, String json) {
    vertx.eventBus().publish(address, json, Messages.LOCAL);
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }
}
