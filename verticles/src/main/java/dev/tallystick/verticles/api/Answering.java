package dev.tallystick.verticles.api;

import dev.tallystick.storage.read.BadCursor;
import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.http.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The way of every read: parameters by the contract, one function, an answer or a failure. */
final class Answering {

  /**
   * The database ends a statement after ten seconds, a cut connection after as many; whoever waits
   * for a page should not.
   */
  private static final long ANSWER_MAX_MS = 5_000;

  private final Contract contract;

  Answering(Contract contract) {
    this.contract = contract;
  }

  /**
   * @param path as the contract writes it, with parameters in braces
   */
  void get(Router router, String path, Function<Query, Future<Answer>> read) {
    QueryRules rules = contract.rules(path);
    router
        .get(path.replaceAll("\\{(\\w+)}", ":$1"))
        .handler(request -> answer(request, rules, read));
  }

  private static void answer(
      RoutingContext request, QueryRules rules, Function<Query, Future<Answer>> read) {
    Query query = rules.read(request);
    read.apply(query)
        .timeout(ANSWER_MAX_MS, TimeUnit.MILLISECONDS)
        .onSuccess(answer -> Json.answer(request, answer.status(), answer.body()))
        .onFailure(failure -> request.fail(told(query, failure)));
  }

  /** A cursor is text to everyone but the query that reads it. */
  private static Throwable told(Query query, Throwable failure) {
    if (failure instanceof BadCursor bad) {
      return new Refusal(
          Problem.of(400, "BAD_PARAMETER", "A parameter cannot be accepted.")
              .error("?cursor", query.text("cursor"), String.valueOf(bad.getMessage())));
    }
    return failure;
  }
}
