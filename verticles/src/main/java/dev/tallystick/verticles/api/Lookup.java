package dev.tallystick.verticles.api;

import static java.util.Comparator.comparing;

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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a transaction by its match key, in each reconciliation for itself: the row first; where
 * there is none, the owner of the partition is asked what has arrived; and then the row once more,
 * since it may have been written between the two. A row always wins: it has been judged.
 */
final class Lookup {

  private static final int RETRY_AFTER_SECONDS = 1;

  private final SortedMap<String, Rulebook> rulebooks = new TreeMap<>();
  private final Owners owners;

  Lookup(List<Rulebook> rulebooks, Owners owners) {
    rulebooks.forEach(rulebook -> this.rulebooks.put(rulebook.name(), rulebook));
    this.owners = owners;
  }

  /**
   * What is known in each reconciliation that knows anything: its row, or else what has arrived.
   *
   * @param <R> what a query tells of a row
   */
  record Found<R>(List<R> rows, List<Arrived> arrived) {}

  /**
   * @param reconciliation null: in all
   * @param read the rows at these places
   * @param of the reconciliation of a row
   * @return fails with a {@link Refusal}: 404 when there is none; 503 when there is none and an
   *     owner who could know more does not answer
   */
  <R> Future<Found<R>> find(
      String txnId,
      @Nullable String reconciliation,
      Function<List<Place>, Future<List<R>>> read,
      Function<R, String> of) {
    List<Place> places = places(txnId, reconciliation);
    if (places.isEmpty()) {
      return Future.failedFuture(
          notFound("There is no reconciliation %s.".formatted(reconciliation)));
    }
    return read.apply(places)
        .compose(
            rows -> {
              List<Place> without = without(places, rows, of);
              return without.isEmpty()
                  ? Future.succeededFuture(new Found<>(rows, List.of()))
                  : fromMemory(txnId, rows, without, read, of);
            });
  }

  /** The owners first, then the rows once more: one may have been written between the two. */
  private <R> Future<Found<R>> fromMemory(
      String txnId,
      List<R> rows,
      List<Place> places,
      Function<List<Place>, Future<List<R>>> read,
      Function<R, String> of) {
    return owners
        .ask(txnId, places)
        .compose(answer -> read.apply(places).map(later -> found(rows, later, answer, of)));
  }

  private static <R> Found<R> found(
      List<R> rows, List<R> later, Owners.Answer answer, Function<R, String> of) {
    List<R> all = Stream.concat(rows.stream(), later.stream()).sorted(comparing(of)).toList();
    Set<String> written = later.stream().map(of).collect(Collectors.toSet());
    List<Arrived> arrived =
        answer.arrived().stream().filter(one -> !written.contains(one.rulebook().name())).toList();
    if (!all.isEmpty() || !arrived.isEmpty()) {
      return new Found<>(all, arrived);
    }
    if (!answer.silent().isEmpty()) {
      throw new Refusal(
          Problem.of(
                  503,
                  "UNAVAILABLE",
                  "No row has this id, and nobody owns partition %s just now who could say more."
                      .formatted(String.join(", ", answer.silent())))
              .retryAfter(RETRY_AFTER_SECONDS));
    }
    throw notFound("There is no transaction with this id.");
  }

  private static <R> List<Place> without(List<Place> places, List<R> rows, Function<R, String> of) {
    Set<String> written = rows.stream().map(of).collect(Collectors.toSet());
    return places.stream().filter(place -> !written.contains(place.rulebook().name())).toList();
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
