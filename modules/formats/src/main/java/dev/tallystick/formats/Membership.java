package dev.tallystick.formats;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import java.util.List;

/**
 * Whose event is it? Several reconciliations may read one topic; {@code where} gives each event to
 * some of them, and the topic's keeper (the first by name) owns what is nobody's, so that every
 * record is accounted for once. Immutable, usable on any thread.
 *
 * <p>{@code where} reads the event only, so its version is chosen by the record's own timestamp
 * (protocol, section 8). A version that does not read the topic takes nothing from it.
 */
public final class Membership {

  private final Rulebook own;
  private final String topic;
  private final List<Rulebook> others;
  private final boolean keeper;

  /**
   * @param own of the reconciliation that reads
   * @param sharing of all whose newest definition reads {@code topic}, with or without {@code own}
   */
  public Membership(Rulebook own, String topic, List<Rulebook> sharing) {
    this.own = own;
    this.topic = topic;
    this.others = sharing.stream().filter(book -> !book.name().equals(own.name())).toList();
    this.keeper = others.stream().allMatch(book -> own.name().compareTo(book.name()) < 0);
  }

  /** Of a reconciliation's own commands topic, which nobody else reads. */
  public static Membership ofCommands(Rulebook own) {
    return new Membership(own, own.newest().commandsTopic(), List.of());
  }

  /** Whether this reconciliation archives the topic and owns its dead letters. */
  public boolean keeper() {
    return keeper;
  }

  /** A decoder of the topic whose readings say to whom they belong. */
  public EventDecoder over(EventDecoder decoder) {
    return raw -> decide(decoder.decode(raw));
  }

  /** The same reading, given to its owner. */
  public Reading decide(Reading reading) {
    return switch (reading) {
      case Reading.Taken taken -> decide(taken);
      case Reading.Refused refused ->
          refused.ours() == keeper
              ? refused
              : new Reading.Refused(refused.raw(), refused.reason(), refused.detail(), keeper);
      case Reading.NotOurs notOurs -> notOurs;
    };
  }

  private Reading decide(Reading.Taken taken) {
    Event event = taken.event();
    // A command was sent to this reconciliation by name.
    if (event.isCommand() || takes(own, event)) {
      return taken;
    }
    if (keeper && others.stream().noneMatch(book -> takes(book, event))) {
      return new Reading.Refused(
          taken.raw(),
          DeadLetterReason.NO_RECONCILIATION,
          "no reconciliation that reads " + topic + " takes " + Excerpt.quote(event.txnId()),
          true);
    }
    return new Reading.NotOurs(taken.raw());
  }

  private boolean takes(Rulebook book, Event event) {
    Reconciliation version = book.at(event.recordedAtMs());
    for (SourceRule source : version.sources()) {
      if (source.topic().equals(topic)) {
        return version.where().test(event);
      }
    }
    return false;
  }
}
