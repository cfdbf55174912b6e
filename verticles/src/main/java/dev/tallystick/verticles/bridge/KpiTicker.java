package dev.tallystick.verticles.bridge;

import dev.tallystick.core.wire.TimeText;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.storage.read.ReconciliationFigures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes {@link Addresses#KPI} each second while a browser listens, and at once when the first
 * one comes: the database is asked only for those who hear the answer. On the event loop of its
 * verticle.
 */
final class KpiTicker {

  private static final Logger LOG = LoggerFactory.getLogger(KpiTicker.class);
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Supplier<Future<List<ReconciliationFigures>>> figures;
  private final LongSupplier clockMs;
  private final LongSupplier monotonicMs;
  private final KpiPace pace = new KpiPace();
  private final KpiMessage message;
  private int listeners;
  private long timer = NO_TIMER;
  private boolean failing;

  KpiTicker(
      Vertx vertx,
      Supplier<Future<List<ReconciliationFigures>>> figures,
      KpiMessage message,
      LongSupplier clockMs,
      LongSupplier monotonicMs) {
    this.vertx = vertx;
    this.figures = figures;
    this.message = message;
    this.clockMs = clockMs;
    this.monotonicMs = monotonicMs;
  }

  /**
   * @param delta sockets that now listen, or no longer
   */
  void wanted(int delta) {
    listeners += delta;
    if (listeners == 0) {
      message.pause();
    }
    next();
  }

  void stop() {
    listeners = 0;
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  private void next() {
    long nowMs = monotonicMs.getAsLong();
    long waitMs = pace.waitMs(nowMs);
    if (listeners == 0 || timer != NO_TIMER || waitMs < 0) {
      return;
    }
    if (waitMs == 0) {
      ask(nowMs);
    } else {
      timer =
          vertx.setTimer(
              waitMs,
              due -> {
                timer = NO_TIMER;
                next();
              });
    }
  }

  private void ask(long askedMs) {
    pace.started(askedMs);
    String asOf = TimeText.of(clockMs.getAsLong());
    figures
        .get()
        .onComplete(
            answer -> {
              pace.ended(monotonicMs.getAsLong());
              if (answer.succeeded()) {
                failing = false;
                String text = message.next(answer.result(), asOf, askedMs);
                vertx.eventBus().publish(Addresses.KPI, text, Messages.LOCAL);
              } else if (!failing) {
                failing = true;
                LOG.warn("kpi: no figures: {}; trying again", answer.cause().getMessage());
              }
              next();
            });
  }
}
