package dev.tallystick.verticles.bridge;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.core.wire.TimeText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of {@code kpi}, and remembers what rates need: a rate is what was read since
 * the message before, over the time between the two. Time is an input; not thread-safe.
 */
final class KpiMessage {

  private static final int MATCH_RATE_DECIMALS = 6;

  private Map<String, Map<String, Long>> readBefore = Map.of();
  private long beforeMs;

  /**
   * The next message.
   *
   * @param asOf the time of the figures
   * @param nowMs monotonic, when the figures were asked for
   * @return JSON text; without {@code rate} for a source that was not in the message before
   */
  String next(List<KpiFigures> figures, String asOf, long nowMs) {
    JsonArray list = new JsonArray();
    Map<String, Map<String, Long>> read = new HashMap<>();
    for (KpiFigures one : figures) {
      list.add(json(one, nowMs - beforeMs));
      read.put(one.reconciliation(), Map.copyOf(one.recordsRead()));
    }
    readBefore = read;
    beforeMs = nowMs;
    return new JsonObject().put("v", 1).put("as_of", asOf).put("reconciliations", list).encode();
  }

  private JsonObject json(KpiFigures figures, long elapsedMs) {
    JsonArray atRisk = new JsonArray();
    for (KpiFigures.AtRisk risk : figures.atRisk()) {
      atRisk.add(
          new JsonObject().put("currency", risk.currency()).put("amount", risk.amountMinor()));
    }
    return new JsonObject()
        .put("name", figures.reconciliation())
        .put("sources", new JsonArray(figures.sources()))
        .put("by_state", counts(State.class, figures.byState(), true))
        .put("match_rate", matchRate(figures.byState()))
        .put("open", figures.open())
        .put("by_type", counts(MismatchType.class, figures.byType(), false))
        .put("by_severity", counts(Severity.class, figures.bySeverity(), false))
        .put("at_risk", atRisk)
        .put("oldest_opened_at", time(figures.oldestOpenedAtMs()))
        .put("watermark", time(figures.watermarkMs()))
        .put("rate", rates(figures, elapsedMs));
  }

  /** In the order of the enum. */
  private static <E extends Enum<E>> JsonObject counts(
      Class<E> type, Map<E, Long> counts, boolean zeros) {
    JsonObject json = new JsonObject();
    Map<E, Long> ordered = new EnumMap<>(type);
    ordered.putAll(counts);
    for (E key : type.getEnumConstants()) {
      long count = ordered.getOrDefault(key, 0L);
      if (zeros || count > 0) {
        json.put(key.name(), count);
      }
    }
    return json;
  }

  /** Rounded down: 1 is said only when all match. Null: nothing has been judged. */
  private static @Nullable Double matchRate(Map<State, Long> byState) {
    long judged =
        byState.values().stream().mapToLong(Long::longValue).sum()
            - byState.getOrDefault(State.PENDING, 0L);
    if (judged <= 0) {
      return null;
    }
    return BigDecimal.valueOf(byState.getOrDefault(State.MATCHED, 0L))
        .divide(BigDecimal.valueOf(judged), MATCH_RATE_DECIMALS, RoundingMode.DOWN)
        .doubleValue();
  }

  /** Events per second with one decimal. */
  private JsonObject rates(KpiFigures figures, long elapsedMs) {
    JsonObject rates = new JsonObject();
    Map<String, Long> before = readBefore.getOrDefault(figures.reconciliation(), Map.of());
    for (String source : figures.sources()) {
      Long then = before.get(source);
      if (then != null && elapsedMs > 0) {
        long read = Math.max(0, figures.recordsRead().getOrDefault(source, 0L) - then);
        long perTenSeconds = read * 10_000 / elapsedMs;
        rates.put(source, BigDecimal.valueOf(perTenSeconds, 1).doubleValue());
      }
    }
    return rates;
  }

  private static @Nullable String time(long ms) {
    return ms == Event.NONE ? null : TimeText.of(ms);
  }
}
