package dev.tallystick.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.TransactionRow.Tally;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The two texts of a row: what is read is what was written. */
class EventsTextProperty {

  @Property(tries = 500)
  void eventsComeBackEqual(@ForAll("events") List<Event> events) {
    assertThat(EventsText.read("TXN", EventsText.write(events))).isEqualTo(events);
  }

  @Property(tries = 200)
  void talliesComeBackEqual(
      @ForAll("events") List<Event> events, @ForAll("tallies") Map<String, Tally> tallies) {
    assertThat(TalliesText.read(TalliesText.write(tallies, events), events)).isEqualTo(tallies);
  }

  @Example
  void theUsualEventIsShort() {
    Event event = Samples.event("TXN", "bank", 7, 4500);
    String text = EventsText.write(List.of(event));
    assertThat(text)
        .matches(
            "\\[\\[\"bank\",7,1766052930007,\"[A-Za-z0-9+/]{43}\",null,\"PAYMENT_CAPTURED\","
                + "\"SUCCESS\",4500,\"INR\",1766052930007]]");
    Map<String, Tally> usual = Map.of("bank", new Tally(7, 0));
    assertThat(TalliesText.write(usual, List.of(event))).isNull();
    assertThat(TalliesText.write(Map.of("bank", new Tally(8, 1)), List.of(event)))
        .isEqualTo("{\"bank\":[8,1]}");
  }

  @Example
  void aTextThatIsNotOursIsNotHalfRead() {
    String good = EventsText.write(List.of(Samples.event("TXN", "bank", 7, 4500)));
    for (String bad :
        List.of(
            "",
            "{}",
            "[[\"bank\"]]",
            good.substring(0, good.length() - 2),
            good.replace("]]", ",1,2,3,4,5,6,7,8,9]]"),
            good.replace("bank\",7", "bank\",\"7\""))) {
      assertThatThrownBy(() -> EventsText.read("TXN", bad))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("stored events of TXN cannot be read");
    }
  }

  @Provide
  Arbitrary<Map<String, Tally>> tallies() {
    return Arbitraries.maps(
            Arbitraries.of("bank", "gateway", "operator"),
            Combinators.combine(
                    Arbitraries.longs().between(0, 3), Arbitraries.integers().between(0, 1))
                .as(Tally::new))
        .map(TreeMap::new);
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return reports().list().ofMaxSize(5);
  }

  private static Arbitrary<Event> reports() {
    Arbitrary<String> texts = Arbitraries.strings().excludeChars('\0').ofMaxLength(8);
    Arbitrary<@Nullable String> absent = texts.injectNull(0.5);
    Arbitrary<Long> times = Arbitraries.longs().injectDuplicates(0.2);
    Arbitrary<ContentHash> contents =
        Arbitraries.longs()
            .tuple4()
            .map(t -> new ContentHash(t.get1(), t.get2(), t.get3(), t.get4()));
    Arbitrary<Map<String, String>> attributes = Arbitraries.maps(texts, texts).ofMaxSize(2);
    Arbitrary<@Nullable OperatorCommand> commands =
        Combinators.combine(texts, absent, accepted().list().ofMaxSize(2), Arbitraries.integers())
            .as(OperatorCommand::new)
            .injectNull(0.7);
    Arbitrary<Event> plain =
        Combinators.combine(contents, absent, texts, texts, Arbitraries.longs(), times, texts)
            .as(
                (content, eventId, source, status, amountMinor, timeMs, currency) ->
                    new Event(
                        "TXN",
                        source,
                        eventId == null ? content.toHex() : eventId,
                        content,
                        "LEDGER_POSTED",
                        status,
                        amountMinor,
                        currency,
                        null,
                        null,
                        timeMs,
                        null,
                        null,
                        Event.NONE,
                        Map.of(),
                        null,
                        timeMs,
                        timeMs));
    return Combinators.combine(
            plain,
            absent.list().ofSize(4),
            Arbitraries.of(Event.NONE, 0L, -7L),
            attributes,
            commands)
        .as(
            (e, some, feeMinor, extra, command) ->
                new Event(
                    e.txnId(),
                    e.source(),
                    e.eventId(),
                    e.content(),
                    e.type(),
                    e.status(),
                    e.amountMinor(),
                    e.currency(),
                    some.get(0),
                    some.get(1),
                    e.occurredAtMs() % 3 == 0 ? Event.NONE : e.occurredAtMs(),
                    some.get(2),
                    some.get(3),
                    feeMinor,
                    extra,
                    command,
                    e.offset(),
                    e.recordedAtMs()));
  }

  private static Arbitrary<OperatorCommand.Accepted> accepted() {
    Arbitrary<String> texts = Arbitraries.strings().ascii().excludeChars('\0').ofMaxLength(5);
    return Combinators.combine(
            Arbitraries.of(MismatchType.class),
            texts,
            texts,
            texts.injectNull(0.5),
            texts.injectNull(0.5))
        .as(OperatorCommand.Accepted::new);
  }
}
