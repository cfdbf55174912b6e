package dev.tallystick.verticles.api;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.storage.read.DeadLetterReads;
import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;

/** {@code /dead-letters}. */
final class DeadLetterRoutes {

  private final DeadLetterReads reads;

  DeadLetterRoutes(DeadLetterReads reads) {
    this.reads = reads;
  }

  void mount(Router router, Answering answering) {
    answering.get(router, "/dead-letters", this::list);
    answering.get(router, "/dead-letters/{reconciliation}/{topic}/{partition}/{offset}", this::one);
  }

  private Future<Answer> list(Query query) {
    return reads
        .list(
            query.text("reconciliation"),
            query.anyOf("reason", DeadLetterReason.class),
            query.text("topic"),
            query.text("source"),
            query.timeMs("from"),
            query.timeMs("to"),
            TransactionRoutes.page(query, "created_at"))
        .map(
            page -> {
              JsonArray items = new JsonArray();
              page.items().forEach(line -> items.add(DeadLetterView.item(line)));
              return Answer.page(items, page.next(), page.asOfMs());
            });
  }

  private Future<Answer> one(Query query) {
    return reads
        .find(
            query.required("reconciliation"),
            query.required("topic"),
            query.number("partition", 0),
            Long.parseLong(query.required("offset")))
        .map(
            line -> {
              if (line == null) {
                throw new Refusal(
                    Problem.of(404, "NOT_FOUND", "There is no dead letter at this position."));
              }
              return Answer.of(DeadLetterView.whole(line));
            });
  }
}
