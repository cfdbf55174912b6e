package dev.tallystick.verticles.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.engine.Notice;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.State;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewsJsonTest {

  @Test
  void noticesGoTogetherAndInOrder() {
    assertThat(
            NewsJson.mismatches(
                    "settlement",
                    3,
                    List.of(
                        new Notice(7, MismatchType.AMOUNT, "{\"seq\":7}"),
                        new Notice(8, MismatchType.MISSING, "{\"seq\":8}")))
                .encode())
        .isEqualTo(
            """
            {"reconciliation":"settlement","partition":3,"notices":[\
            {"seq":7,"type":"AMOUNT","payload":"{\\"seq\\":7}"},\
            {"seq":8,"type":"MISSING","payload":"{\\"seq\\":8}"}]}\
            """);
  }

  @Test
  void ofManyRowsTheTenThatArrivedLastAreNamed() {
    List<TransactionWrite> writes = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      writes.add(write("T" + (char) ('A' + i), 1_000 + i / 2 * 2, 500 + i, "INR"));
    }
    JsonObject news = NewsJson.transactions(commit(writes), 1_766_052_930_000L);
    assertThat(news.getInteger("written")).isEqualTo(25);
    JsonArray items = news.getJsonArray("items");
    assertThat(items.stream().map(item -> ((JsonObject) item).getString("txn_id")))
        .containsExactly("TY", "TX", "TW", "TV", "TU", "TT", "TS", "TR", "TQ", "TP");
    assertThat(items.getJsonObject(0).encode())
        .isEqualTo(
            """
            {"txn_id":"TY","reconciliation":"settlement","partition":3,"state":"MATCHED",\
            "label":"MATCHED","amount":524,"currency":"INR","version":2,\
            "updated_at":"2025-12-18T10:15:30.000Z"}\
            """);
  }

  @Test
  void whatIsNotKnownIsNull() {
    JsonObject item =
        NewsJson.transactions(commit(List.of(write("T", Event.NONE, Event.NONE, ""))), 0)
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(item.getValue("amount")).isNull();
    assertThat(item.getValue("currency")).isNull();
    assertThat(item.fieldNames()).contains("amount", "currency");
  }

  private static TransactionWrite write(
      String txnId, long firstArrivalMs, long amountMinor, String currency) {
    Verdict verdict =
        new Verdict(
            State.MATCHED,
            "MATCHED",
            null,
            List.of(),
            firstArrivalMs,
            Event.NONE,
            1,
            List.of(),
            amountMinor,
            currency);
    return new TransactionWrite(
        1, new TransactionRow(txnId, 2, List.of(), Map.of(), false, verdict), List.of(), List.of());
  }

  private static Commit commit(List<TransactionWrite> writes) {
    return new Commit(
        "settlement",
        3,
        1,
        1,
        Map.of(),
        Event.NONE,
        writes,
        List.of(),
        0,
        0,
        List.of(),
        List.of(),
        Map.of(),
        0);
  }
}
