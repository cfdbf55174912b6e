package dev.tallystick.verticles.api;

import dev.tallystick.storage.read.MismatchReads;
import dev.tallystick.storage.read.MismatchStats;
import dev.tallystick.storage.read.Openness;
import dev.tallystick.storage.read.StatsReads;
import dev.tallystick.verticles.http.SingleFlight;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /mismatches} and their figures. */
final class MismatchRoutes {

  private final MismatchReads reads;
  private final StatsReads stats;
  private final SingleFlight<Optional<String>, JsonObject> figures = new SingleFlight<>();

  MismatchRoutes(MismatchReads reads, StatsReads stats) {
    this.reads = reads;
    this.stats = stats;
  }

  void mount(Router router, Answering answering) {
    answering.get(router, "/mismatches", this::list);
    answering.get(router, "/mismatches/stats", this::stats);
  }

  private Future<Answer> list(Query query) {
    return reads
        .list(
            TransactionRoutes.filter(query),
            openness(query.text("open", "true")),
            TransactionRoutes.page(query, "opened_at"))
        .map(
            page -> {
              JsonArray items = new JsonArray();
              page.items().forEach(line -> items.add(MismatchView.item(line)));
              JsonObject seq = new JsonObject();
              page.seq().forEach(seq::put);
              Answer answer = Answer.page(items, page.next(), page.asOfMs());
              answer.body().put("seq", seq);
              return answer;
            });
  }

  private static Openness openness(String open) {
    return switch (open) {
      case "true" -> Openness.OPEN;
      case "false" -> Openness.CLOSED;
      default -> Openness.ALL;
    };
  }

  private Future<Answer> stats(Query query) {
    @Nullable String reconciliation = query.text("reconciliation");
    return figures
        .ask(
            Optional.ofNullable(reconciliation),
            () -> stats.mismatches(reconciliation).map(MismatchRoutes::figures))
        .map(Answer::of);
  }

  private static JsonObject figures(MismatchStats figures) {
    JsonArray atRisk = new JsonArray();
    figures
        .atRisk()
        .forEach(
            risk ->
                atRisk.add(
                    new JsonObject()
                        .put("currency", risk.currency())
                        .put("amount", risk.amountMinor())));
    return new JsonObject()
        .put("as_of", Json.time(figures.asOfMs()))
        .put("open", figures.open())
        .put("by_type", Json.counts(figures.byType()))
        .put("by_severity", Json.counts(figures.bySeverity()))
        .put("at_risk", atRisk)
        .put("oldest_opened_at", Json.time(figures.oldestOpenedMs()));
  }
}
