package dev.tallystick.verticles.api;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.storage.postgres.EventsText;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Asks the owners of partitions, on whichever node they are, for what has no row yet. */
final class Owners {

  /** A request to a node that has died waits its whole timeout. */
  private static final DeliveryOptions PATIENCE = new DeliveryOptions().setSendTimeout(1_000);

  private final EventBus bus;

  Owners(EventBus bus) {
    this.bus = bus;
  }

  /**
   * @param arrived what they know, in the order of the places asked
   * @param silent places whose owner did not answer, as {@code payments/3}
   */
  record Answer(List<Arrived> arrived, List<String> silent) {}

  /** Never fails: an owner that does not answer is named. */
  Future<Answer> ask(String txnId, List<Place> places) {
    List<Future<JsonObject>> answers = new ArrayList<>();
    for (Place place : places) {
      answers.add(
          bus.<JsonObject>request(
                  Addresses.owner(place.rulebook().name(), place.partition()),
                  new JsonObject().put("txn_id", txnId),
                  PATIENCE)
              .map(reply -> reply.body()));
    }
    return Future.join(answers)
        .otherwiseEmpty()
        .map(
            joined -> {
              List<Arrived> arrived = new ArrayList<>();
              List<String> silent = new ArrayList<>();
              for (int i = 0; i < places.size(); i++) {
                Place place = places.get(i);
                if (answers.get(i).failed()) {
                  silent.add(place.toString());
                } else {
                  read(txnId, place, answers.get(i).result(), arrived);
                }
              }
              return new Answer(arrived, silent);
            });
  }

  private static void read(String txnId, Place place, JsonObject answer, List<Arrived> arrived) {
    String text = answer.getString("events");
    if (text != null) {
      arrived.add(
          Arrived.of(txnId, place.rulebook(), place.partition(), EventsText.read(txnId, text)));
    }
  }

  /** Where a transaction may be. */
  record Place(Rulebook rulebook, int partition) {
    @Override
    public String toString() {
      return rulebook.name() + '/' + partition;
    }
  }
}
