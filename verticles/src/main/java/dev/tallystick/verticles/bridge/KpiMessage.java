package dev.tallystick.verticles.bridge;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.wire.TimeText;
import dev.tallystick.storage.read.AtRisk;
import dev.tallystick.storage.read.MismatchStats;
import dev.tallystick.storage.read.ReconciliationFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of {@code kpi}, and remembers what rates need: a rate is what was read since
 * the message before, over the time between the two. Time is an input; not thread-safe.
 */
final class KpiMessage {

  private final Map<String, List<String>> sourcesByReconciliation;
  private Map<String, Map<String, Long>> readBefore = Map.of();
  private long beforeMs;

  /**
   * @param sourcesByReconciliation in the order of the definition
   */
  KpiMessage(Map<String, List<String>> sourcesByReconciliation) {
    this.sourcesByReconciliation = sourcesByReconciliation;
  }

  /**
   * Nobody listens any more: a rate over the pause would be no rate of the second it is shown in.
   */
  void pause() {
    readBefore = Map.of();
  }

  /**
   * The next message.
   *
   * @param asOf the time of the figures
   * @param nowMs monotonic, when the figures were asked for
   * @return JSON text; without {@code rate} for a source that was not in the message before
   */
  String next(List<ReconciliationFigures> figures, String asOf, long nowMs) {
    JsonArray list = new JsonArray();
    Map<String, Map<String, Long>> read = new HashMap<>();
    for (ReconciliationFigures one : figures) {
      list.add(json(one, nowMs - beforeMs));
      read.put(one.reconciliation(), Map.copyOf(one.recordsRead()));
    }
    readBefore = read;
    beforeMs = nowMs;
    return new JsonObject().put("v", 1).put("as_of", asOf).put("reconciliations", list).encode();
  }

  private JsonObject json(ReconciliationFigures figures, long elapsedMs) {
    List<String> sources =
        sourcesByReconciliation.getOrDefault(figures.reconciliation(), List.of());
    MismatchStats mismatches = figures.mismatches();
    JsonArray atRisk = new JsonArray();
    for (AtRisk risk : mismatches.atRisk()) {
      atRisk.add(
          new JsonObject().put("currency", risk.currency()).put("amount", risk.amountMinor()));
    }
    return new JsonObject()
        .put("name", figures.reconciliation())
        .put("sources", new JsonArray(sources))
        .put("by_state", counts(figures.transactions().byState()))
        .put("match_rate", figures.transactions().matchRate())
        .put("open", mismatches.open())
        .put("by_type", counts(mismatches.byType()))
        .put("by_severity", counts(mismatches.bySeverity()))
        .put("at_risk", atRisk)
        .put("oldest_opened_at", time(mismatches.oldestOpenedMs()))
        .put("watermark", time(figures.watermarkMs()))
        .put("rate", rates(figures, sources, elapsedMs))
        .put("seq", seq(figures));
  }

  /** Whoever has heard less than this has missed something. */
  private static JsonObject seq(ReconciliationFigures figures) {
    JsonObject json = new JsonObject();
    figures
        .seq()
        .forEach((partition, seq) -> json.put(figures.reconciliation() + '/' + partition, seq));
    return json;
  }

  /** In the order of the enum, which is the order of the map. */
  private static JsonObject counts(SortedMap<? extends Enum<?>, Long> counts) {
    JsonObject json = new JsonObject();
    counts.forEach((key, count) -> json.put(key.name(), count));
    return json;
  }

  /** Events per second with one decimal. */
  private JsonObject rates(ReconciliationFigures figures, List<String> sources, long elapsedMs) {
    JsonObject rates = new JsonObject();
    Map<String, Long> before = readBefore.getOrDefault(figures.reconciliation(), Map.of());
    for (String source : sources) {
      Long then = before.get(source);
      if (then != null && elapsedMs > 0) {
        long read = Math.max(0, figures.recordsRead().getOrDefault(source, 0L) - then);
        rates.put(source, BigDecimal.valueOf(read * 10_000 / elapsedMs, 1));
      }
    }
    return rates;
  }

  private static @Nullable String time(long ms) {
    return ms == Event.NONE ? null : TimeText.of(ms);
  }
}
