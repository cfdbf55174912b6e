package dev.tallystick.verticles.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.MismatchJson;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.storage.read.StoredTransaction;
import dev.tallystick.storage.read.TransactionLine;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one transaction's page says, from what is stored of it. */
class TransactionViewTest {

  private static final Rulebook RULES =
      new Rulebook(
          List.of(
              DefinitionReader.read(
                  "settlement.yaml",
                  """
                  name: settlement
                  version: 1
                  match-key: txn_id
                  partitions: 8
                  sources:
                    - {name: gateway, topic: gateway_txns, reference: true, sla: 60s}
                    - {name: bank, topic: bank_txns, sla: 60s}
                  rules:
                    - {name: status, type: STATUS, pending: [AUTHORIZED]}
                  """)));

  private final List<Event> events = new ArrayList<>();

  private void report(
      String source, int second, long amountMinor, String status, @Nullable String account) {
    events.add(
        new Event(
            "TXN1",
            source,
            source + second,
            new ContentHash(second, amountMinor, 0, 0),
            "PAYMENT_CAPTURED",
            status,
            amountMinor,
            "INR",
            account,
            null,
            second * 1_000L,
            null,
            null,
            Event.NONE,
            Map.of(),
            null,
            second,
            second * 1_000L));
  }

  private Verdict judged(long watermarkSecond) {
    return Reconciler.judge(events, RULES, watermarkSecond * 1_000, List.of());
  }

  private JsonObject told(Verdict verdict, String... history) {
    TransactionLine line =
        new TransactionLine(
            "TXN1",
            "settlement",
            3,
            verdict.state(),
            verdict.label(),
            verdict.mismatches().stream().filter(Mismatch::isOpen).map(Mismatch::type).toList(),
            verdict.amountMinor(),
            verdict.currency(),
            2,
            verdict.ruleVersion(),
            verdict.firstArrivalMs(),
            verdict.nextDeadlineMs(),
            90_000);
    return TransactionView.of(
        new StoredTransaction(
            line,
            new TransactionRow("TXN1", 2, events, Map.of(), false, verdict),
            List.of(history),
            new TreeMap<>(Map.of("gateway", "gateway_old"))),
        RULES);
  }

  private static String change(long seq, Change.Kind kind, Verdict verdict) {
    return MismatchJson.of(
        "settlement",
        3,
        new Change(
            seq,
            kind,
            "TXN1",
            verdict.state(),
            verdict.label(),
            seq,
            verdict.mismatches().getFirst()),
        70_000);
  }

  private static List<String> timeline(JsonObject told) {
    return told.getJsonArray("timeline").stream()
        .map(JsonObject.class::cast)
        .map(
            moment ->
                moment.getString("at").substring(17, 19)
                    + " "
                    + moment.getString("kind")
                    + " "
                    + moment.getString("by")
                    + ": "
                    + moment.getString("text"))
        .toList();
  }

  @Test
  void aDifferenceIsMarkedWhereItIs() {
    report("gateway", 0, 5_000, "SUCCESS", "A-1");
    report("bank", 1, 4_500, "SUCCESS", "A-1");
    Verdict verdict = judged(2);

    JsonObject told = told(verdict, change(1, Change.Kind.OPENED, verdict));

    assertThat(told.getString("label")).isEqualTo("AMOUNT_MISMATCH");
    assertThat(told.getJsonObject("matrix"))
        .isEqualTo(
            new JsonObject(
                """
                {"fields": ["amount", "currency", "status", "account", "timestamp"],
                 "sources": ["gateway", "bank"],
                 "cells": [
                   [{"value": 5000, "differs": false}, {"value": 4500, "differs": true}],
                   [{"value": "INR", "differs": false}, {"value": "INR", "differs": false}],
                   [{"value": "SUCCESS", "differs": false}, {"value": "SUCCESS", "differs": false}],
                   [{"value": "A-1", "differs": false}, {"value": "A-1", "differs": false}],
                   [{"value": "1970-01-01T00:00:00.000Z", "differs": false},
                    {"value": "1970-01-01T00:00:01.000Z", "differs": false}]]}
                """));
    assertThat(timeline(told))
        .containsExactly(
            "00 EVENT gateway: gateway reports PAYMENT_CAPTURED SUCCESS, 50.00 INR",
            "01 EVENT bank: bank reports PAYMENT_CAPTURED SUCCESS, 45.00 INR",
            "01 OPENED amount@1: bank differs in amount: 45.00 INR instead of 50.00 INR");
    assertThat(told.getJsonObject("deadlines")).isEmpty();
  }

  @Test
  void whoIsMissingIsTheStoryOfADeadline() {
    report("gateway", 0, 5_000, "SUCCESS", null);
    Verdict missing = judged(61);
    String opened = change(1, Change.Kind.OPENED, missing);

    JsonObject overdue = told(missing, opened);
    assertThat(overdue.getString("state")).isEqualTo("OVERDUE");
    assertThat(overdue.getJsonObject("deadlines"))
        .isEqualTo(new JsonObject().put("bank", "1970-01-01T00:01:00.000Z"));
    assertThat(overdue.getJsonObject("matrix").getJsonArray("fields"))
        .as("no source states an account")
        .containsExactly("amount", "currency", "status", "timestamp");

    report("bank", 65, 5_000, "SUCCESS", null);
    Verdict late = Reconciler.judge(events, RULES, 66_000, missing.ticked());
    JsonObject matched = told(late, opened, change(2, Change.Kind.CLOSED, late));
    assertThat(matched.getJsonObject("deadlines")).isEmpty();
    assertThat(timeline(matched))
        .containsExactly(
            "00 EVENT gateway: gateway reports PAYMENT_CAPTURED SUCCESS, 50.00 INR",
            "00 DEADLINE bank: the time for bank to report ends",
            "00 OPENED missing@1: bank has not reported",
            "05 EVENT bank: bank reports PAYMENT_CAPTURED SUCCESS, 50.00 INR",
            "05 CLOSED LATE_ARRIVAL: MISSING of bank is settled (LATE_ARRIVAL)");
  }

  @Test
  void whatIsNotFinalIsStillAwaited() {
    report("gateway", 0, 5_000, "SUCCESS", null);
    report("bank", 1, 5_000, "AUTHORIZED", null);

    JsonObject told = told(judged(2));

    assertThat(told.getString("state")).isEqualTo("PENDING");
    assertThat(told.getJsonObject("deadlines").fieldNames()).containsExactly("bank");
  }

  @Test
  void anEventSaysWhereItWasRead() {
    report("gateway", 0, 5_000, "SUCCESS", "A-1");
    report("bank", 1, 5_000, "SUCCESS", null);

    JsonObject told = told(judged(2));

    assertThat(told.getJsonArray("events").getJsonObject(0))
        .isEqualTo(
            new JsonObject(
                """
                {"txn_id": "TXN1", "source": "gateway", "event_id": "gateway0",
                 "event_type": "PAYMENT_CAPTURED", "status": "SUCCESS", "amount": 5000,
                 "currency": "INR", "account": "A-1", "timestamp": "1970-01-01T00:00:00.000Z",
                 "topic": "gateway_old", "partition": 3, "offset": 0,
                 "recorded_at": "1970-01-01T00:00:00.000Z"}
                """));
    assertThat(told.getJsonArray("events").getJsonObject(1).getString("topic"))
        .as("not claimed under another name")
        .isEqualTo("bank_txns");
  }

  @Test
  void anOrderIsPartOfTheStory() {
    report("gateway", 0, 5_000, "SUCCESS", null);
    report("bank", 1, 4_500, "SUCCESS", null);
    Mismatch open = judged(2).mismatches().getFirst();
    events.add(
        new Event(
            "TXN1",
            Event.OPERATOR,
            "c1",
            new ContentHash(9, 9, 9, 9),
            OperatorCommand.RESOLVE,
            "",
            0,
            "",
            null,
            null,
            Event.NONE,
            null,
            null,
            Event.NONE,
            Map.of(),
            new OperatorCommand("olga", "fee", List.of(open.asAccepted()), 0),
            0,
            5_000));

    JsonObject told = told(judged(6));

    assertThat(told.getString("state")).isEqualTo("RESOLVED");
    assertThat(timeline(told)).contains("05 COMMAND olga: olga orders RESOLVE: fee");
    assertThat(
            told.getJsonArray("events").getJsonObject(2).getJsonArray("accepts").getJsonObject(0))
        .isEqualTo(
            new JsonObject(
                """
                {"type": "AMOUNT", "source": "bank", "field": "amount", "expected": "5000",
                 "actual": "4500"}
                """));
    assertThat(told.getJsonObject("matrix").getJsonArray("cells").getJsonArray(0))
        .as("what was accepted differs no longer")
        .noneMatch(cell -> ((JsonObject) cell).getBoolean("differs"));
  }

  @Test
  void beforeThereIsARowItIsWhatHasArrived() {
    report("gateway", 0, 5_000, "SUCCESS", null);

    JsonObject told = TransactionView.of(Arrived.of("TXN1", RULES, 3, events));

    assertThat(told.getString("state")).isEqualTo("PENDING");
    assertThat(told.getString("label")).isEqualTo("GATEWAY_RECEIVED");
    assertThat(told.getLong("version")).isZero();
    assertThat(told.getValue("updated_at")).isNull();
    assertThat(told.getValue("rule_version")).isNull();
    assertThat(told.getLong("amount")).isEqualTo(5_000);
    assertThat(told.getJsonObject("deadlines").fieldNames()).containsExactly("bank");
    assertThat(timeline(told)).hasSize(1);
  }
}
