package dev.tallystick.verticles.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.Severity;
import dev.tallystick.core.model.State;
import dev.tallystick.storage.read.AtRisk;
import dev.tallystick.storage.read.MismatchStats;
import dev.tallystick.storage.read.ReconciliationFigures;
import dev.tallystick.storage.read.TransactionStats;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KpiTest {

  private static final String AS_OF = "2025-12-18T10:15:30.000Z";

  private static final long NOW_MS = 2_000;

  private final KpiMessage message =
      new KpiMessage(Map.of("settlement", List.of("gateway", "bank")));

  @Test
  void aMessageSaysWhatTheContractSays() {
    message.next(List.of(figures(2_000_000, 700)), AS_OF, 5_000);
    assertThat(message.next(List.of(figures(2_000_000, 1_000)), AS_OF, 6_500))
        .isEqualTo(
            """
            {"v":1,"as_of":"2025-12-18T10:15:30.000Z","reconciliations":[{"name":"settlement",\
            "sources":["gateway","bank"],\
            "by_state":{"PENDING":5,"MATCHED":2000000,"MISMATCHED":0,"OVERDUE":1,"RESOLVED":0},\
            "match_rate":0.999999,"open":2,"by_type":{"AMOUNT":1,"MISSING":1},\
            "by_severity":{"HIGH":2},"at_risk":[{"currency":"INR","amount":500}],\
            "oldest_opened_at":"1970-01-01T00:00:01.000Z","watermark":null,\
            "rate":{"gateway":200.0,"bank":0.0},"seq":{"settlement/0":7}}]}\
            """);
  }

  @Test
  void withoutAMessageBeforeThereIsNoRateAndWithoutAVerdictNoMatchRate() {
    JsonObject first =
        new JsonObject(
                message.next(
                    List.of(
                        figures(
                            Map.of(State.PENDING, 3L),
                            new MismatchStats(
                                0, new TreeMap<>(), new TreeMap<>(), List.of(), Event.NONE, NOW_MS),
                            Map.of("gateway", 3L))),
                    AS_OF,
                    5_000))
            .getJsonArray("reconciliations")
            .getJsonObject(0);
    assertThat(first.getJsonObject("rate")).isEmpty();
    assertThat(first.getValue("match_rate")).isNull();
    assertThat(first.getValue("oldest_opened_at")).isNull();
  }

  @Test
  void aSlowDatabaseIsAskedForATenthOfTheTime() {
    KpiPace pace = new KpiPace();
    assertThat(pace.waitMs(-7)).isZero();
    pace.started(-7);
    assertThat(pace.waitMs(100)).as("one at a time").isNegative();
    pace.ended(13);
    assertThat(pace.waitMs(13)).isEqualTo(980);
    assertThat(pace.waitMs(993)).isZero();
    pace.started(1_000);
    pace.ended(3_000);
    assertThat(pace.waitMs(3_000)).isEqualTo(18_000);
  }

  private static ReconciliationFigures figures(long matched, long gatewayRead) {
    return figures(
        Map.of(State.PENDING, 5L, State.MATCHED, matched, State.OVERDUE, 1L),
        new MismatchStats(
            2,
            new TreeMap<>(Map.of(MismatchType.MISSING, 1L, MismatchType.AMOUNT, 1L)),
            new TreeMap<>(Map.of(Severity.HIGH, 2L)),
            List.of(new AtRisk("INR", 500)),
            1_000,
            NOW_MS),
        Map.of("gateway", gatewayRead, "bank", 10L));
  }

  private static ReconciliationFigures figures(
      Map<State, Long> byState, MismatchStats mismatches, Map<String, Long> read) {
    SortedMap<State, Long> all = new TreeMap<>(byState);
    for (State state : State.values()) {
      all.putIfAbsent(state, 0L);
    }
    long total = all.values().stream().mapToLong(Long::longValue).sum();
    return new ReconciliationFigures(
        "settlement",
        new TransactionStats(total, all, NOW_MS),
        mismatches,
        Event.NONE,
        new TreeMap<>(read),
        new TreeMap<>(Map.of(0, 7L)));
  }
}
