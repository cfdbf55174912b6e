package dev.tallystick.verticles.timers;

import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.protocol.Messages.Deadline;
import dev.tallystick.protocol.Messages.Ticked;
import dev.tallystick.protocol.Messages.TimeWanted;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Tells the node's partitions that time passes, and asks for proof of log time when a deadline has
 * passed by the clock. A tick that is lost costs a tenth of a second, never a verdict.
 */
public final class TimersVerticle extends VerticleBase {

  /** Time between two ticks. */
  public static final long TICK_MS = 100;

  private record Where(String reconciliation, int partition) {}

  private final long skewMs;
  private final LongSupplier clockMs;
  private final LongSupplier nanoTime;
  private final long startedNanos;
  private final Map<Where, Long> deadlines =
      new TreeMap<>(Comparator.comparing(Where::reconciliation).thenComparingInt(Where::partition));

  /**
   * @param skewMs log time is proven this much behind the clock
   */
  public TimersVerticle(long skewMs, LongSupplier clockMs, LongSupplier nanoTime) {
    this.skewMs = skewMs;
    this.clockMs = clockMs;
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
  }

  @Override
  public Future<?> start() {
    vertx
        .eventBus()
        .<Deadline>localConsumer(
            Addresses.TIMERS_ARM,
            message -> {
              Deadline armed = message.body();
              deadlines.put(
                  new Where(armed.reconciliation(), armed.partition()), armed.deadlineMs());
            });
    next();
    return Future.succeededFuture();
  }

  /** Armed anew each time: a periodic timer fires in bursts after a pause. */
  private void next() {
    vertx.setTimer(
        TICK_MS,
        timer -> {
          long elapsedMs = (nanoTime.getAsLong() - startedNanos) / 1_000_000;
          vertx.eventBus().publish(Addresses.TIMERS_TICK, new Ticked(elapsedMs), Messages.LOCAL);
          wantTime(clockMs.getAsLong());
          next();
        });
  }

  private void wantTime(long nowMs) {
    for (Map.Entry<Where, Long> armed : new HashMap<>(deadlines).entrySet()) {
      if (armed.getValue() + skewMs < nowMs) {
        deadlines.remove(armed.getKey());
        vertx
            .eventBus()
            .send(
                Addresses.ingestion(armed.getKey().reconciliation()),
                new TimeWanted(armed.getKey().partition()),
                Messages.LOCAL);
      }
    }
  }
}
