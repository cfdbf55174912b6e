package dev.tallystick.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.simulator.scenario.StepResult.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs against a node that answers as the contracts say. */
class ScenarioRunnerTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-12-18T10:15:30Z"));

  private FakeNode node;
  private ScenarioRunner runner;

  @BeforeEach
  void open() throws IOException {
    node = new FakeNode();
    runner = new ScenarioRunner(node.target(), new RunIds(new Random(1)), CLOCK);
  }

  @AfterEach
  void close() {
    runner.close();
    node.close();
  }

  private static Scenario scenario(String steps) throws ScenarioRefused {
    String text = "{'name':'n','reconciliation':'settlement','steps':[%s]}".formatted(steps);
    return Scenario.ofJson(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String send(String source, int amountMinor) {
    return "{'send':{'txn_id':'T-${run}','source':'%s','amount':%d}}"
        .formatted(source, amountMinor);
  }

  private ScenarioRun run(Scenario scenario) throws Exception {
    ScenarioRun run = runner.submit(scenario).orElseThrow();
    run.await();
    return run;
  }

  private static List<Status> statuses(ScenarioRun run) {
    return run.steps().stream().map(StepResult::status).toList();
  }

  @Test
  void theClassicsPass() throws Exception {
    List<StepResult> told = new ArrayList<>();
    ScenarioRun run = runner.submit(Classics.all(), told::add).orElseThrow();
    run.await();
    assertThat(run.status()).as("%s", run.toJson()).isEqualTo(ScenarioRun.Status.PASSED);
    assertThat(told).isEqualTo(run.steps()).extracting(StepResult::index).isSorted();
    assertThat(run.toJson().path("ended_at").asText()).isEqualTo("2025-12-18T10:15:30.000Z");
  }

  @Test
  void theLongWaitOfTheClassicsComesLast() {
    List<String> parts = Classics.all().steps().stream().map(Scenario.PartStep::part).toList();
    assertThat(parts)
        .containsExactly(
            "match",
            "match",
            "match",
            "bank-missing",
            "bank-missing",
            "amount",
            "amount",
            "amount",
            "bank-missing");
  }

  @Test
  void everyExampleIsAScenario() {
    for (String name : List.of("late-arrival", "duplicate", "poison")) {
      assertThat(Classics.read(name).name()).isEqualTo(name);
    }
  }

  @Test
  void aResultSaysWhereTheEventWentAndWhatWasSeen() throws Exception {
    ScenarioRun run =
        run(
            scenario(
                send("GATEWAY", 5000)
                    + ","
                    + send("BANK", 4500)
                    + ",{'wait_ms':0},{'expect':{'txn_id':'T-${run}','state':'MISMATCHED',"
                    + "'mismatch':{'type':'AMOUNT','expected':5000,'delta':-500}}}"));
    ObjectNode json = run.toJson();
    assertThat(json.path("id").asText()).isEqualTo(run.id()).matches("[a-z0-9]{8}");
    assertThat(json.path("status").asText()).isEqualTo("PASSED");
    JsonNode sent = json.path("steps").path(0);
    assertThat(sent.path("actual").toString())
        .isEqualTo("{\"event_id\":\"e1\",\"topic\":\"gateway_txns\",\"partition\":0,\"offset\":1}");
    assertThat(sent.path("kind").asText()).isEqualTo("send");
    assertThat(sent.path("at").asText()).isEqualTo("2025-12-18T10:15:30.000Z");
    assertThat(json.path("steps").path(2).path("kind").asText()).isEqualTo("wait");
    JsonNode seen = json.path("steps").path(3).path("actual");
    assertThat(seen.path("txn_id").asText()).isEqualTo("T-" + run.id());
    assertThat(seen.path("label").asText()).isEqualTo("AMOUNT_MISMATCH");
    assertThat(seen.path("mismatch").path("actual").asLong()).isEqualTo(4500);
    assertThat(node.asked()).contains("/transactions/T-" + run.id() + "?reconciliation=settlement");
  }

  @Test
  void whatDiffersIsNamedAndTheRestIsNotDone() throws Exception {
    ScenarioRun run =
        run(
            scenario(
                send("GATEWAY", 5000)
                    + ","
                    + send("BANK", 4500)
                    + ",{'expect':{'txn_id':'T-${run}','state':'MATCHED','label':'AMOUNT_MISMATCH',"
                    + "'mismatch':{'type':'AMOUNT','expected':5000,'actual':4600},'within_ms':300}},"
                    + send("BANK", 1)));
    assertThat(run.status()).isEqualTo(ScenarioRun.Status.FAILED);
    assertThat(statuses(run))
        .containsExactly(Status.PASSED, Status.PASSED, Status.FAILED, Status.PENDING);
    StepResult failed = run.steps().get(2);
    assertThat(failed.reason())
        .isEqualTo(
            "state: expected MATCHED, actual MISMATCHED;"
                + " mismatch.actual: expected 4600, actual 4500");
    assertThat(failed.waitedMs()).isBetween(300L, 10_000L);
    assertThat(node.asked().stream().filter(asked -> asked.startsWith("{"))).hasSize(2);
  }

  @Test
  void aFailureOfOnePartLetsTheOthersGoOn() throws Exception {
    node.refuseNext(422); // the first event of match
    ScenarioRun run = run(Classics.all());
    assertThat(run.status()).isEqualTo(ScenarioRun.Status.ERROR);
    assertThat(statuses(run).subList(0, 3))
        .containsExactly(Status.ERROR, Status.PENDING, Status.PENDING);
    assertThat(statuses(run).subList(3, 9)).containsOnly(Status.PASSED);
  }

  @Test
  void aTransactionThatNobodyKnowsIsSaidToBeUnknown() throws Exception {
    node.neverKnow();
    ScenarioRun run = run(scenario("{'expect':{'txn_id':'T','state':'PENDING','within_ms':100}}"));
    assertThat(run.steps().getFirst().status()).isEqualTo(Status.FAILED);
    assertThat(run.steps().getFirst().reason()).isEqualTo("txn_id: T is not known in settlement");
  }

  @Test
  void aMismatchOfAnotherTypeOrThatIsClosedDoesNotCount() throws Exception {
    ScenarioRun run =
        run(
            scenario(
                send("GATEWAY", 5000)
                    + ","
                    + send("BANK", 4500)
                    + ",{'expect':{'txn_id':'T-${run}','within_ms':200,'mismatch':"
                    + "{'type':'CURRENCY'}}}"));
    assertThat(run.steps().get(2).reason())
        .isEqualTo("mismatch: expected CURRENCY, open are: AMOUNT");
    ScenarioRun closed =
        run(
            scenario(
                send("GATEWAY", 5000)
                    + ","
                    + send("BANK", 4500)
                    + ",{'expect':{'txn_id':'T-${run}','within_ms':200,'mismatch':"
                    + "{'type':'AMOUNT','closed_by':'EVIDENCE'}}}"));
    assertThat(closed.steps().get(2).reason())
        .isEqualTo("mismatch: expected AMOUNT, closed are: none");
  }

  @Test
  void anEventThatTheApiRefusesIsAnErrorOfTheScenario() throws Exception {
    node.refuseNext(422);
    ScenarioRun run = run(scenario(send("GATEWAY", 1)));
    assertThat(run.status()).isEqualTo(ScenarioRun.Status.ERROR);
    assertThat(run.steps().getFirst().reason())
        .isEqualTo(
            "POST /events was refused with 422: BAD_VALUE No.; /amount: x is not an integer");
    assertThat(run.steps().getFirst().toJson().path("actual").path("code").asText())
        .isEqualTo("BAD_VALUE");
  }

  @Test
  void aNodeThatWantsATokenIsSaidSo() throws Exception {
    node.refuseNext(401);
    ScenarioRun run = run(scenario(send("GATEWAY", 1)));
    assertThat(run.steps().getFirst().reason())
        .contains("refused with 401", "without a token", "http.open-ingest");
  }

  @Test
  void aNodeThatIsBusyIsAskedAgain() throws Exception {
    node.refuseNext(503);
    node.refuseNext(409);
    ScenarioRun run = run(scenario(send("GATEWAY", 1)));
    assertThat(run.status()).isEqualTo(ScenarioRun.Status.PASSED);
    assertThat(node.asked()).hasSize(3);
  }

  @Test
  void aNodeThatIsNotThereIsAnErrorAndNoVerdict() throws Exception {
    node.close();
    assertThat(statuses(run(scenario(send("GATEWAY", 1))))).containsExactly(Status.ERROR);
    ScenarioRun run = run(scenario("{'expect':{'txn_id':'T','within_ms':100}}"));
    assertThat(statuses(run)).containsExactly(Status.ERROR);
    assertThat(run.steps().getFirst().reason()).startsWith("GET /txns was not answered");
  }

  @Test
  void aRunThatTakesTooLongIsAnError() throws Exception {
    node.neverKnow();
    try (ScenarioRunner hasty =
        new ScenarioRunner(node.target(), new RunIds(new Random(2)), CLOCK, 200)) {
      ScenarioRun run =
          hasty.submit(scenario("{'expect':{'txn_id':'T','state':'PENDING'}}")).orElseThrow();
      run.await();
      assertThat(run.steps().getFirst().reason()).isEqualTo("the run took longer than 200 ms");
      ScenarioRun waits = hasty.submit(scenario("{'wait_ms':60000}")).orElseThrow();
      waits.await();
      assertThat(waits.status()).isEqualTo(ScenarioRun.Status.ERROR);
    }
  }

  @Test
  void namesThatTheNodeDoesNotHaveAreRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(
            () ->
                runner.submit(
                    Scenario.ofYaml(
                        "{name: n, reconciliation: cards, steps: [wait_ms: 1]}"
                            .getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(ScenarioRefused.class)
        .hasMessage("/reconciliation: cards is unknown; known: settlement");
    assertThatThrownBy(
            () ->
                runner.submit(
                    scenario(send("BANK", 1) + ",{'send_raw':{'source':'core','base64':'AA=='}}")))
        .isInstanceOf(ScenarioRefused.class)
        .hasMessage("/steps/1/send_raw/source: core is unknown; known: bank, gateway");
    assertThat(node.asked()).isEmpty();
  }

  @Test
  void onlySoManyRunAtOnceAndWhatIsStoppedSaysSo() throws Exception {
    List<ScenarioRun> running = new ArrayList<>();
    for (int i = 0; i < ScenarioRunner.RUNNING_MAX; i++) {
      running.add(runner.submit(scenario("{'wait_ms':600000},{'wait_ms':0}")).orElseThrow());
    }
    assertThat(runner.submit(scenario("{'wait_ms':0}"))).isEmpty();
    assertThat(runner.runs()).isEqualTo(running.reversed());
    runner.close();
    for (ScenarioRun run : running) {
      run.await();
      assertThat(run.status()).isEqualTo(ScenarioRun.Status.ERROR);
      assertThat(statuses(run)).containsExactly(Status.ERROR, Status.PENDING);
    }
    assertThat(runner.submit(scenario("{'wait_ms':0}"))).isEmpty();
  }

  @Test
  void theNewestRunsAreRemembered() throws Exception {
    ScenarioRun first = run(scenario("{'wait_ms':0}"));
    for (int i = 0; i < ScenarioRunner.KEPT_MAX; i++) {
      run(scenario("{'wait_ms':0}"));
    }
    assertThat(runner.runs()).hasSize(ScenarioRunner.KEPT_MAX).doesNotContain(first);
    assertThat(runner.find(first.id())).isEmpty();
    assertThat(runner.find(runner.runs().getLast().id())).isPresent();
  }

  @Test
  void theSameSeedRepeatsTheIds() {
    RunIds one = new RunIds(new Random(7));
    RunIds other = new RunIds(new Random(7));
    assertThat(List.of(one.get(), one.get())).isEqualTo(List.of(other.get(), other.get()));
  }
}
