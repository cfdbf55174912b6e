package dev.tallystick.verticles.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever comes, and whenever: nothing is lost, nothing overtakes, and nobody is flooded. */
class MismatchConflationProperty {

  private static final int STREAMS = 3;

  /**
   * @param gapMs since the arrival before
   * @param count messages that come together
   */
  record Arrival(long gapMs, int stream, int count) {}

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    Arbitrary<Long> gaps =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 5)),
            Tuple.of(2, Arbitraries.longs().between(6, 300)),
            Tuple.of(1, Arbitraries.longs().between(300, 3_000)));
    return Combinators.combine(
            gaps,
            Arbitraries.integers().between(0, STREAMS - 1),
            Arbitraries.integers().between(1, 30))
        .as(Arrival::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 500)
  void everyNumberArrivesOrLiesInARangeInOrder(@ForAll("arrivals") List<Arrival> arrivals) {
    MismatchConflation conflation = new MismatchConflation();
    Browser browser = new Browser();
    long[] lastSeq = new long[STREAMS];
    List<Long> singlesAtMs = new ArrayList<>();
    long nowMs = 0;
    long takeAtMs = Long.MAX_VALUE;
    for (Arrival arrival : arrivals) {
      nowMs += arrival.gapMs;
      if (takeAtMs <= nowMs) {
        browser.hear(new JsonObject(conflation.take()));
        takeAtMs = Long.MAX_VALUE;
      }
      for (int i = 0; i < arrival.count; i++) {
        long seq = ++lastSeq[arrival.stream];
        boolean wasGathering = conflation.isGathering();
        if (conflation.passes(nowMs, "r/" + arrival.stream, seq)) {
          assertThat(wasGathering).as("a message overtakes what is gathered").isFalse();
          browser.hearOne("r/" + arrival.stream, seq);
          singlesAtMs.add(nowMs);
        } else if (!wasGathering) {
          takeAtMs = nowMs + MismatchConflation.GATHER_MS;
        }
      }
    }
    if (conflation.isGathering()) {
      browser.hear(new JsonObject(conflation.take()));
    }
    assertThat(conflation.isGathering()).isFalse();
    for (int stream = 0; stream < STREAMS; stream++) {
      assertThat(browser.known.getOrDefault("r/" + stream, 0L)).isEqualTo(lastSeq[stream]);
    }
    for (int i = MismatchConflation.SINGLES_MAX; i < singlesAtMs.size(); i++) {
      assertThat(singlesAtMs.get(i) - singlesAtMs.get(i - MismatchConflation.SINGLES_MAX))
          .as("messages in one second")
          .isGreaterThanOrEqualTo(MismatchConflation.WINDOW_MS);
    }
  }

  /** What a page knows per stream; each news must begin where it stands. */
  private static final class Browser {
    final Map<String, Long> known = new HashMap<>();

    void hearOne(String stream, long seq) {
      assertThat(seq).isEqualTo(known.getOrDefault(stream, 0L) + 1);
      known.put(stream, seq);
    }

    void hear(JsonObject conflated) {
      JsonObject ranges = conflated.getJsonObject("seq");
      assertThat(ranges.size()).isBetween(1, STREAMS);
      long covered = 0;
      for (String stream : ranges.fieldNames()) {
        JsonArray range = ranges.getJsonArray(stream);
        assertThat(range.getLong(0)).isEqualTo(known.getOrDefault(stream, 0L) + 1);
        covered += range.getLong(1) - range.getLong(0) + 1;
        known.put(stream, range.getLong(1));
      }
      assertThat(conflated.getLong("conflated")).isEqualTo(covered);
    }
  }
}
