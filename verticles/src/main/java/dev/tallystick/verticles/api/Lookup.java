package dev.tallystick.verticles.api;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.protocol.Partitions;
import dev.tallystick.verticles.api.Owners.Place;
import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.http.Refusal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a transaction by its match key: the row first; if there is none, the owner of the partition
 * is asked what has arrived; and then the row once more, since it may have been written between the
 * two. A row always wins: it has been judged.
 */
final class Lookup {

  private final SortedMap<String, Rulebook> rulebooks = new TreeMap<>();
  private final Owners owners;

  Lookup(List<Rulebook> rulebooks, Owners owners) {
    rulebooks.forEach(rulebook -> this.rulebooks.put(rulebook.name(), rulebook));
    this.owners = owners;
  }

  /**
   * Either rows or what has arrived, never both; together at least one.
   *
   * @param <R> what a query tells of a row
   */
  record Found<R>(List<R> rows, List<Arrived> arrived) {}

  /**
   * @param reconciliation null: in all
   * @param read the rows at these places
   * @return fails with a {@link Refusal} of status 404 when there is none
   */
  <R> Future<Found<R>> find(
      String txnId, @Nullable String reconciliation, Function<List<Place>, Future<List<R>>> read) {
    List<Place> places = places(txnId, reconciliation);
    if (places.isEmpty()) {
      return Future.failedFuture(
          notFound("There is no reconciliation %s.".formatted(reconciliation)));
    }
    return read.apply(places)
        .compose(
            rows ->
                rows.isEmpty()
                    ? fromMemory(txnId, places, read)
                    : Future.succeededFuture(new Found<>(rows, List.of())));
  }

  private <R> Future<Found<R>> fromMemory(
      String txnId, List<Place> places, Function<List<Place>, Future<List<R>>> read) {
    return owners
        .ask(txnId, places)
        .compose(
            answer ->
                read.apply(places)
                    .compose(
                        rows -> {
                          if (!rows.isEmpty()) {
                            return Future.succeededFuture(new Found<>(rows, List.of()));
                          }
                          if (!answer.arrived().isEmpty()) {
                            return Future.succeededFuture(new Found<>(List.of(), answer.arrived()));
                          }
                          return Future.failedFuture(notFound(detail(answer.silent())));
                        }));
  }

  private static String detail(List<String> silent) {
    return silent.isEmpty()
        ? "There is no transaction with this id."
        : "No row has this id, and partition %s has no owner at the moment who could say more."
            .formatted(String.join(", ", silent));
  }

  private static Refusal notFound(String detail) {
    return new Refusal(Problem.of(404, "NOT_FOUND", detail));
  }

  /** Where it belongs; with another partitioner than Kafka's own it may be anywhere. */
  private List<Place> places(String txnId, @Nullable String reconciliation) {
    List<Place> places = new ArrayList<>();
    for (Rulebook rulebook : rulebooks.values()) {
      if (reconciliation == null || reconciliation.equals(rulebook.name())) {
        int count = rulebook.newest().partitions();
        IntStream partitions =
            rulebook.newest().sources().stream().anyMatch(SourceRule::otherPartitioner)
                ? IntStream.range(0, count)
                : IntStream.of(Partitions.of(txnId, count));
        partitions.forEach(partition -> places.add(new Place(rulebook, partition)));
      }
    }
    return places;
  }

  /** For a query that takes one partition per reconciliation. */
  static List<Map<String, Integer>> rounds(List<Place> places) {
    List<Map<String, Integer>> rounds = new ArrayList<>();
    for (Place place : places) {
      String name = place.rulebook().name();
      Map<String, Integer> round =
          rounds.stream().filter(each -> !each.containsKey(name)).findFirst().orElse(null);
      if (round == null) {
        round = new TreeMap<>();
        rounds.add(round);
      }
      round.put(name, place.partition());
    }
    return rounds;
  }
}
