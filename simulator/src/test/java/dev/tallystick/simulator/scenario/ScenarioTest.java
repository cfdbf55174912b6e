package dev.tallystick.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a scenario, and what is said about a text that is none. */
class ScenarioTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Scenario json(String steps) throws ScenarioRefused {
    return Scenario.ofJson(
        utf8(
            "{'name':'n','reconciliation':'settlement','steps':%s}"
                .formatted(steps)
                .replace('\'', '"')));
  }

  private static ScenarioRefused refusedJson(String text) {
    return catchThrowableOfType(
        ScenarioRefused.class, () -> Scenario.ofJson(utf8(text.replace('\'', '"'))));
  }

  private static ScenarioRefused refusedYaml(String text) {
    return catchThrowableOfType(ScenarioRefused.class, () -> Scenario.ofYaml(utf8(text)));
  }

  private static List<String> lines(ScenarioRefused refused) {
    return refused.objections().stream().map(Objection::toString).toList();
  }

  @Test
  void theExampleOfTheContractsIsOne() throws ScenarioRefused {
    Scenario scenario =
        json(
            """
            [{'send':{'txn_id':'T-${run}','amount':50000,'attributes':{'note':'of ${run}'}}},
             {'send_raw':{'source':'bank','key':'k-${run}','base64':'AQI='}},
             {'wait_ms':1000},
             {'expect':{'txn_id':'T-${run}','state':'OVERDUE','label':'BANK_MISSING',
               'mismatch':{'type':'AMOUNT','expected':5000,'actual':4500,'delta':-500},
               'within_ms':65000}}]
            """);
    List<Step> steps = scenario.forRun("r1").steps().stream().map(Scenario.PartStep::step).toList();
    assertThat(((Step.Send) steps.get(0)).event().toString())
        .isEqualTo("{\"txn_id\":\"T-r1\",\"amount\":50000,\"attributes\":{\"note\":\"of r1\"}}");
    assertThat(steps.get(1)).extracting("key").isEqualTo("k-r1");
    assertThat(((Step.SendRaw) steps.get(1)).value()).containsExactly(1, 2);
    assertThat(steps.get(2)).isEqualTo(new Step.Wait(1_000));
    assertThat(steps.get(3).text())
        .isEqualTo(
            "T-r1 is OVERDUE, BANK_MISSING, with mismatch AMOUNT (expected 5000, actual 4500,"
                + " delta -500), within 65000 ms");
  }

  @Test
  void yamlSaysTheSameAsJson() throws ScenarioRefused {
    Scenario yaml =
        Scenario.ofYaml(
            utf8(
                """
                name: n
                reconciliation: settlement
                steps:
                  - send: {txn_id: "T-${run}", amount: 50000, fee: null, "odd": true,
                           timestamp: 2025-12-18T10:15:30Z, note: yes, code: 010, sum: 5e4}
                  - expect: {txn_id: T, state: MATCHED}
                """));
    Scenario json =
        json(
            """
            [{'send':{'txn_id':'T-${run}','amount':50000,'fee':null,'odd':true,
               'timestamp':'2025-12-18T10:15:30Z','note':'yes','code':'010','sum':5e4}},
             {'expect':{'txn_id':'T','state':'MATCHED'}}]
            """);
    assertThat(yaml).isEqualTo(json);
  }

  @Test
  void numbersKeepTheDigitsTheyWereWrittenWith() throws ScenarioRefused {
    String event = "{\"a\":50000.0,\"b\":9223372036854775808,\"c\":1.10}";
    assertThat(json("[{'send':" + event + "}]").steps().getFirst().step())
        .hasToString("Send[event=" + event + "]");
    Scenario yaml =
        Scenario.ofYaml(utf8("{name: n, reconciliation: r, steps: [{send: " + event + "}]}"));
    assertThat(yaml.steps().getFirst().step()).hasToString("Send[event=" + event + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [{'wait_ms':1.5}]                                | /steps/0/wait_ms: 1.5 is not an integer
          [{'wait_ms':'1'}]                                | /steps/0/wait_ms: 1 is not an integer
          [{'wait_ms':600001}]                             | /steps/0/wait_ms: 600001 is not within 0 to 600000
          [{'wait_ms':-1}]                                 | /steps/0/wait_ms: -1 is not within 0 to 600000
          [{'wait_ms':600000},{'wait_ms':300001}]          | /steps: 900001 ms of waiting are more than the 900000 of a scenario
          [{'await_ms':1}]                                 | /steps/0/await_ms: await_ms is unknown; known here: send, send_raw, wait_ms, expect
          [{'wait_ms':1,'send':{}}]                        | /steps/0: {"wait_ms":1,"send":{}} is not exactly one of send, send_raw, wait_ms, expect
          [7]                                              | /steps/0: 7 is not an object
          []                                               | /steps: 0 steps are not 1 to 1000
          'all'                                            | /steps: all is not a list
          [{'send':'x'}]                                   | /steps/0/send: x is not an event
          [{'send_raw':{'source':'bank','base64':'????'}}] | /steps/0/send_raw/base64: ???? is not base64: Illegal base64 character 3f
          [{'send_raw':{'source':'bank'}}]                 | /steps/0/send_raw/base64: is missing
          [{'send_raw':{'base64':'AA=='}}]                 | /steps/0/send_raw/source: is missing
          [{'expect':{'state':'MATCHED'}}]                 | /steps/0/expect/txn_id: is missing
          [{'expect':{'txn_id':7}}]                        | /steps/0/expect/txn_id: 7 is not a text
          [{'expect':{'txn_id':'T','state':'FINE'}}]       | /steps/0/expect/state: FINE is not one of MATCHED, MISMATCHED, OVERDUE, PENDING, RESOLVED
          [{'expect':{'txn_id':'T','within_ms':0}}]        | /steps/0/expect/within_ms: 0 is not within 1 to 600000
          [{'expect':{'txn_id':'T','mismatch':{}}}]        | /steps/0/expect/mismatch/type: is missing
          [{'expect':{'txn_id':'T','mismatch':{'type':'SIZE'}}}] | /steps/0/expect/mismatch/type: SIZE is not one of ACCOUNT, AMOUNT, CURRENCY, DUPLICATE, MISSING, STATUS, TIMESTAMP, UNEXPECTED
          [{'expect':{'txn_id':'T','mismatch':{'type':'AMOUNT','delta':1.0}}}] | /steps/0/expect/mismatch/delta: 1.0 is not an integer or null
          """)
  void whatIsWrongIsNamedWithPlaceAndValue(String steps, String line) {
    ScenarioRefused refused =
        refusedJson("{'name':'n','reconciliation':'r','steps':" + steps + "}");
    assertThat(refused.isReadable()).isTrue();
    assertThat(lines(refused)).containsExactly(line);
  }

  @Test
  void oneLookShowsEverythingThatIsWrong() {
    assertThat(lines(refusedJson("{'nam':'n','steps':[{'wait_ms':-1},{'expect':{}}]}")))
        .containsExactly(
            "/nam: nam is unknown; known here: name, reconciliation, steps",
            "/name: is missing",
            "/reconciliation: is missing",
            "/steps/0/wait_ms: -1 is not within 0 to 600000",
            "/steps/1/expect/txn_id: is missing");
  }

  @Test
  void aYamlFileIsAnsweredWithLineAndColumn() {
    String text =
        """
        name: n
        reconciliation: r
        steps:
          - wait_ms: 1s
          - expect:
              txn_id: T
              sate: MATCHED
        """;
    ScenarioRefused refused = refusedYaml(text);
    assertThat(lines(refused))
        .containsExactly(
            "4:5: /steps/0/wait_ms: 1s is not an integer",
            "7:7: /steps/1/expect/sate: sate is unknown; known here: txn_id, state, label,"
                + " mismatch, within_ms");
    assertThat(refused).hasMessage("4:5: /steps/0/wait_ms: 1s is not an integer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{'name':'a','name':'b'}", "{} {}", "{'name':01}", "nil"})
  void noJsonIsNotReadable(String text) {
    assertThat(refusedJson(text).isReadable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~                | 1:1: the text is empty
          name: [           | 1:8: is not YAML
          {a: 1, a: 2}      | 1:8: /a: a stands here twice
          a: &x [1]         | 1:4: /a: &x is an anchor; none are taken
          a: !!set {b}      | 1:4: /a: tag:yaml.org,2002:set is a tag; none are taken
          {a: {<<: {b: 1}}} | 1:6: /a: has a key that is no text
          {[1]: 2}          | 1:2: has a key that is no text
          """)
  void noYamlIsNotReadable(String text, String line) {
    ScenarioRefused refused = refusedYaml(text);
    assertThat(refused.isReadable()).isFalse();
    assertThat(refused.getMessage()).startsWith(line);
  }

  @Test
  void whatCouldGrowHasALimit() {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i <= Scenario.STEPS_MAX; i++) {
      steps.add("{'wait_ms':0}");
    }
    assertThat(refusedJson("{'name':'n','reconciliation':'r','steps':%s}".formatted(steps)))
        .hasMessage("/steps: 1001 steps are not 1 to 1000");
    assertThat(refusedJson(" ".repeat(Document.BYTES_MAX + 1)))
        .hasMessage("4194305 bytes are more than 4194304");
    String raw = "A".repeat((Scenario.RAW_MAX_BYTES / 3 + 1) * 4);
    assertThat(
            refusedJson(
                "{'name':'n','reconciliation':'r','steps':[{'send_raw':{'source':'s','base64':'"
                    + raw
                    + "'}}]}"))
        .hasMessage("/steps/0/send_raw/base64: 1048578 bytes are more than 1048576");
    String deep = "[".repeat(100) + "]".repeat(100);
    assertThat(refusedJson("{'name':" + deep + "}").isReadable()).isFalse();
    assertThat(refusedYaml("name: " + deep).isReadable()).isFalse();
  }
}
