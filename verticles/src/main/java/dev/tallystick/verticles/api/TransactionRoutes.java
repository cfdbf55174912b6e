package dev.tallystick.verticles.api;

import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.read.ListFilter;
import dev.tallystick.storage.read.PageRequest;
import dev.tallystick.storage.read.StatsReads;
import dev.tallystick.storage.read.StoredTransaction;
import dev.tallystick.storage.read.TransactionLine;
import dev.tallystick.storage.read.TransactionReads;
import dev.tallystick.storage.read.TransactionStats;
import dev.tallystick.verticles.api.Owners.Place;
import dev.tallystick.verticles.http.SingleFlight;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /transactions}, {@code /transactions/{id}}, {@code /txns/{id}} and the figures. */
final class TransactionRoutes {

  private final TransactionReads reads;
  private final StatsReads stats;
  private final Lookup lookup;
  private final SingleFlight<Optional<String>, JsonObject> figures = new SingleFlight<>();

  TransactionRoutes(TransactionReads reads, StatsReads stats, Lookup lookup) {
    this.reads = reads;
    this.stats = stats;
    this.lookup = lookup;
  }

  void mount(Router router, Answering answering) {
    answering.get(router, "/transactions", this::list);
    answering.get(router, "/transactions/stats", this::stats);
    answering.get(router, "/transactions/{id}", this::one);
    answering.get(router, "/txns/{id}", this::state);
  }

  private Future<Answer> list(Query query) {
    return reads
        .list(filter(query), page(query, "first_arrival"))
        .map(
            page -> {
              JsonArray items = new JsonArray();
              page.items().forEach(line -> items.add(TransactionLineView.item(line)));
              return Answer.page(items, page.next(), page.asOfMs());
            });
  }

  /** What both lists of transactions and of mismatches may be asked. */
  static ListFilter filter(Query query) {
    return new ListFilter(
        query.text("reconciliation"),
        query.anyOf("state", State.class),
        query.anyOf("type", MismatchType.class),
        query.text("source"),
        query.anyOf("severity", Severity.class),
        query.text("currency"),
        query.number("min_amount"),
        query.number("max_amount"),
        query.timeMs("from"),
        query.timeMs("to"),
        query.text("q"));
  }

  /**
   * @param sort name of the list's sort key; with a minus, newest first
   */
  static PageRequest page(Query query, String sort) {
    return new PageRequest(
        query.number("limit", 50), query.text("cursor"), query.text("sort", "").equals(sort));
  }

  private Future<Answer> stats(Query query) {
    @Nullable String reconciliation = query.text("reconciliation");
    return figures
        .ask(
            Optional.ofNullable(reconciliation),
            () -> stats.transactions(reconciliation).map(TransactionRoutes::figures))
        .map(Answer::of);
  }

  private static JsonObject figures(TransactionStats figures) {
    return new JsonObject()
        .put("as_of", Json.time(figures.asOfMs()))
        .put("total", figures.total())
        .put("by_state", Json.counts(figures.byState()))
        .put("match_rate", figures.matchRate());
  }

  private Future<Answer> state(Query query) {
    String id = query.required("id");
    return lookup
        .find(
            id,
            query.text("reconciliation"),
            places -> lines(id, places),
            TransactionLine::reconciliation)
        .map(
            found -> {
              List<JsonObject> states = new ArrayList<>();
              found.rows().forEach(line -> states.add(TransactionLineView.state(line)));
              found.arrived().forEach(one -> states.add(TransactionLineView.state(one)));
              return states.size() == 1 ? Answer.of(states.getFirst()) : Answer.several(states);
            });
  }

  private Future<List<TransactionLine>> lines(String id, List<Place> places) {
    List<Future<List<TransactionLine>>> rounds = new ArrayList<>();
    Lookup.rounds(places).forEach(round -> rounds.add(reads.lines(id, round)));
    return Future.all(rounds)
        .map(
            all ->
                all.<List<TransactionLine>>list().stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparing(TransactionLine::reconciliation))
                    .toList());
  }

  /** A row, and the place it was found at. */
  private record Stored(Place place, StoredTransaction transaction) {}

  private Future<Answer> one(Query query) {
    String id = query.required("id");
    return lookup
        .find(
            id,
            query.text("reconciliation"),
            places -> stored(id, places),
            row -> row.place().rulebook().name())
        .map(
            found -> {
              List<Stored> rows = found.rows();
              List<Arrived> arrived = found.arrived();
              if (rows.size() + arrived.size() > 1) {
                List<JsonObject> states = new ArrayList<>();
                rows.forEach(
                    row -> states.add(TransactionLineView.state(row.transaction().line())));
                arrived.forEach(one -> states.add(TransactionLineView.state(one)));
                return Answer.several(states);
              }
              if (rows.isEmpty()) {
                return Answer.of(TransactionView.of(arrived.getFirst()));
              }
              Stored row = rows.getFirst();
              return Answer.of(TransactionView.of(row.transaction(), row.place().rulebook()));
            });
  }

  private Future<List<Stored>> stored(String id, List<Place> places) {
    List<Future<@Nullable Stored>> found = new ArrayList<>();
    for (Place place : places) {
      found.add(
          reads
              .find(place.rulebook().name(), place.partition(), id)
              .map(row -> row == null ? null : new Stored(place, row)));
    }
    return Future.all(found)
        .map(all -> all.<Stored>list().stream().filter(Objects::nonNull).toList());
  }
}
