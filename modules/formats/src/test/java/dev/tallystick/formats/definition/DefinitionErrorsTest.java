package dev.tallystick.formats.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be wrong in a definition is one line with its place. */
class DefinitionErrorsTest {

  private static final String GOOD =
      """
      name: settlement
      version: 1
      match-key: txn_id
      where: "!has(event.channel)"
      partitions: 8
      sources:
        - name: gateway
          topic: gateway_txns
          reference: true
          sla: 60s
          format: json
        - name: bank
          topic: bank_txns
      rules:
        - {name: amount, type: AMOUNT, tolerance-minor: 0, tolerance-bp: 0}
        - {name: status, type: STATUS, synonyms: {CAPTURED: SUCCESS}, pending: [PENDING]}
        - {name: time, type: TIMESTAMP, tolerance: 5m}
      """;

  /** The part that is replaced (¶ is a line break), what it becomes, and what is said. */
  @ParameterizedTest(name = "{1} → {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          sla: 60s | sla: "60" | x.yaml:10:5: sla: "60" is not a duration (60s, 5m, 2h)
          sla: 60s | sla: 60   | x.yaml:10:5: sla: 60 is not a duration (60s, 5m, 2h)
          sla: 60s | sla: 0s   | x.yaml:10:5: sla: 0s is not within 1ms to 31622400000ms
          sla: 60s | sla: 367d | x.yaml:10:5: sla: 367d is not within 1ms to 31622400000ms
          sla: 60s | sla: 999999999999999d | x.yaml:10:5: sla: 999999999999999d is not within 1ms to 31622400000ms
          sla: 60s | sla: 1w   | x.yaml:10:5: sla: 1w is not a duration (60s, 5m, 2h)
          sla: 60s | sla: [1]  | x.yaml:10:5: sla: a list is not a duration (60s, 5m, 2h)
          sla: 60s | sal: 60s  | x.yaml:10:5: sal: unknown key; known here: name, topic, reference, sla, format, when, types, mapping, timestamps, partitioner
          sla: 60s | name: y   | x.yaml:10:5: name: duplicate key
          sla: 60s | timestamps: mine   | x.yaml:10:5: timestamps: mine is not one of append, create
          sla: 60s | partitioner: mine  | x.yaml:10:5: partitioner: mine is not one of default, other
          sla: 60s | types: []          | x.yaml:10:5: types: 0 types; 1 to 100 can be listed
          sla: 60s | types: [A, B, A]   | x.yaml:10:19: types[2]: A is listed twice
          sla: 60s | types: [captured]  | x.yaml:10:13: types[0]: captured is not an event type ([A-Z_]{1,40})
          sla: 60s | types: A           | x.yaml:10:5: types: A is not a list
          sla: 60s | when: "event.chanel == 'M'" | x.yaml:10:5: when: "event.chanel == 'M'" is no condition: undefined field 'chanel' (line 1, character 6)
          sla: 60s | when: "event.amount"        | x.yaml:10:5: when: "event.amount" is no condition: expected type 'bool' but found 'int' (line 1, character 6)
          sla: 60s | mapping: {amout: a}  | x.yaml:10:15: amout: is no field of an event
          sla: 60s | mapping: {amount: 7} | x.yaml:10:15: amount: 7 is not a text (write it in quotes)
          sla: 60s | mapping: {account: reference} | x.yaml:10:15: account: reference is read as reference already
          sla: 60s | mapping: {fee: x, account: x} | x.yaml:10:15: fee: x is read as account already
          format: json | format: avro | x.yaml:11:5: format: avro is not available; the format is json
          reference: true | reference: yes | x.yaml:9:5: reference: yes is not true or false
          reference: true | reference: "true" | x.yaml:9:5: reference: "true" is not true or false
          topic: bank_txns | topic: bank_txns¶    reference: true | x.yaml:14:5: reference: true but gateway is the reference already
          topic: bank_txns | topic: gateway_txns  | x.yaml:13:5: topic: gateway_txns is the topic of another source of settlement
          topic: bank_txns | topic: "a b"         | x.yaml:13:5: topic: "a b" is not a topic ([a-zA-Z0-9._-]{1,249})
          topic: bank_txns | topic: ".."          | x.yaml:13:5: topic: ".." is not a topic ([a-zA-Z0-9._-]{1,249})
          topic: bank_txns | topic: tallystick_x_commands | x.yaml:13:5: topic: tallystick_x_commands is a topic of operators' commands
          topic: bank_txns | sla: 1s | x.yaml:12:5: sources[1]: missing key topic
          name: bank | name: gateway  | x.yaml:12:5: name: gateway is the name of another source
          name: bank | name: operator | x.yaml:12:5: name: operator is the built-in source of commands
          name: bank | name: Bank     | x.yaml:12:5: name: Bank is not a name ([a-z][a-z0-9_-]{0,39})
          name: settlement | name: Settlement | x.yaml:1:1: name: Settlement is not a name ([a-z][a-z0-9_-]{0,39})
          name: settlement | name: 7          | x.yaml:1:1: name: 7 is not a text (write it in quotes)
          name: settlement | name: ""         | x.yaml:1:1: name: "" is empty
          name: settlement | name:            | x.yaml:1:1: name: nothing is not a text (write it in quotes)
          name: settlement | nmae: settlement | x.yaml:1:1: nmae: unknown key; known here: name, version, valid-from, match-key, where, partitions, sources, rules
          name: settlement¶ | ``              | x.yaml:1:1: missing key name
          version: 1 | version: 0    | x.yaml:2:1: version: 0 is not within 1 to 2147483647
          version: 1 | version: "1"  | x.yaml:2:1: version: "1" is not an integer
          version: 1 | version: 1.0  | x.yaml:2:1: version: 1.0 is not an integer
          version: 1 | version: 010  | x.yaml:2:1: version: 010 is not an integer
          version: 1 | version: 1_0  | x.yaml:2:1: version: 1_0 is not an integer
          version: 1 | version: 9999999999999999999 | x.yaml:2:1: version: 9999999999999999999 is not within 1 to 2147483647
          version: 1 | version: 1¶valid-from: 2025-12-18 | x.yaml:3:1: valid-from: 2025-12-18 is not a time with an offset (2025-12-18T10:15:30Z)
          match-key: txn_id | match-key: reference | x.yaml:3:1: match-key: reference is not available; the match key is txn_id
          "!has(event.channel)" | "!has(event.chanel)" | x.yaml:4:1: where: "!has(event.chanel)" is no condition: undefined field 'chanel' (line 1, character 5)
          "!has(event.channel)" | "has("       | x.yaml:4:1: where: "has(" is no condition:
          "!has(event.channel)" | true         | x.yaml:4:1: where: true is not a text (write it in quotes)
          partitions: 8 | partitions: 0    | x.yaml:5:1: partitions: 0 is not within 1 to 1024
          partitions: 8 | partitions: 1025 | x.yaml:5:1: partitions: 1025 is not within 1 to 1024
          partitions: 8 | partitions: many | x.yaml:5:1: partitions: many is not an integer
          partitions: 8 | partitions: &p 8 | x.yaml:5:13: anchors and aliases are not read: &p
          partitions: 8 | partitions: !!java.util.Date 8 | x.yaml:5:13: is no YAML: Global tag is not allowed: tag:yaml.org,2002:java.util.Date
          partitions: 8 | partitions: !mine 8 | x.yaml:5:13: tags are not read: !mine
          partitions: 8 | <<: {partitions: 8} | x.yaml:5:1: <<: merges are not read
          partitions: 8 | ? [a]¶: 8        | x.yaml:5:3: a key must be a text
          partitions: 8 | partitions: [8   | x.yaml:6:8: is no YAML:
          partitions: 8 | partitions: 8¶---¶a: b | x.yaml:6:1: is no YAML:
          partitions: 8 | partitions: @8   | x.yaml:5:13: is no YAML:
          partitions: 8 | partitions: [[[[[[[[[[[[[[[[[[[[[[8]]]]]]]]]]]]]]]]]]]]]] | x.yaml:1:1: is no YAML:
          rules:¶       | rules: 7¶x:¶     | x.yaml:15:1: x: unknown key; known here:
          rules:¶       | rules:¶  - 7¶    | x.yaml:15:5: rules[0]: 7 is not a mapping
          rules:¶       | rules:¶  - {name: a}¶ | x.yaml:15:5: rules[0]: missing key type
          type: AMOUNT  | type: AMOUNTS    | x.yaml:15:20: type: AMOUNTS is not one of CURRENCY, AMOUNT, STATUS, ACCOUNT, DUPLICATE, UNEXPECTED, TIMESTAMP, MISSING
          type: AMOUNT  | type: STATUS     | x.yaml:15:34: tolerance-minor: unknown key; known here: name, type, enabled, synonyms, pending
          type: AMOUNT  | type: AMOUNT, enabled: 0 | x.yaml:15:34: enabled: 0 is not true or false
          tolerance-minor: 0 | tolerance-minor: -1   | x.yaml:15:34: tolerance-minor: -1 is not within 0 to 4000000000000000000
          tolerance-bp: 0 | tolerance-bp: 10001      | x.yaml:15:54: tolerance-bp: 10001 is not within 0 to 10000
          tolerance-bp: 0 | fee: 1                   | x.yaml:15:54: fee: 1 is not true or false
          {CAPTURED: SUCCESS} | {A: B, B: SUCCESS}   | x.yaml:16:45: A: B is itself a synonym; name what it stands for
          {CAPTURED: SUCCESS} | {A: NO}              | x.yaml:16:45: A: NO is not a text (write it in quotes)
          {CAPTURED: SUCCESS} | [A]                  | x.yaml:16:34: synonyms: a list is not a mapping
          pending: [PENDING]  | pending: PENDING     | x.yaml:16:65: pending: PENDING is not a list
          tolerance: 5m       | tolerance: 5         | x.yaml:17:35: tolerance: 5 is not a duration (60s, 5m, 2h)
          tolerance: 5m       | tolerance-business-days: 367 | x.yaml:17:35: tolerance-business-days: 367 is not within 0 to 366
          name: time          | name: amount         | x.yaml:17:6: name: the name amount belongs to two rules
          name: time          | name: account        | x.yaml:17:6: name: the name account belongs to two rules
          name: status, type: STATUS | name: account, type: STATUS | x.yaml:16:6: name: the name account belongs to two rules
          name: time, type: TIMESTAMP, tolerance: 5m | name: currency, class: a.B | x.yaml:17:6: name: the name currency belongs to two rules
          name: time, type: TIMESTAMP, tolerance: 5m | class: a.B          | x.yaml:17:5: rules[2]: missing key name
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: a.B, type: AMOUNT | x.yaml:17:27: type: unknown key; known here: name, class, enabled
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: a.B | x.yaml:17:15: class: a.B is not on the class path
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: java.lang.Object | x.yaml:17:15: class: java.lang.Object does not implement dev.tallystick.core.rules.Rule
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: dev.tallystick.formats.definition.SampleRules$NoRule | x.yaml:17:15: class: dev.tallystick.formats.definition.SampleRules$NoRule does not implement
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: dev.tallystick.formats.definition.SampleRules$Closed | x.yaml:17:15: class: dev.tallystick.formats.definition.SampleRules$Closed has no public constructor () or (String name)
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: dev.tallystick.formats.definition.SampleRules$Failing | x.yaml:17:15: class: dev.tallystick.formats.definition.SampleRules$Failing failed to start: java.lang.IllegalStateException: no licence
          name: time, type: TIMESTAMP, tolerance: 5m | name: x, class: java.lang.Comparable | x.yaml:17:15: class: java.lang.Comparable has no public constructor () or (String name)
          type: TIMESTAMP, tolerance: 5m | type: AMOUNT | x.yaml:17:18: type: AMOUNT has a line already
          """)
  void errors(String part, String replacement, String line) {
    String from = part.replace("¶", "\n");
    assertThat(GOOD).contains(from);
    int at = GOOD.indexOf(from);
    String broken =
        GOOD.substring(0, at) + replacement.replace("¶", "\n") + GOOD.substring(at + from.length());
    assertError(broken, line);
  }

  @Test
  void theGoodOneIsGood() {
    assertThat(DefinitionReader.read("x.yaml", GOOD).name()).isEqualTo("settlement");
  }

  @Test
  void whatIsNoDefinitionAtAll() {
    assertError("", "x.yaml:1:1: is empty");
    assertError("# nothing\n", "x.yaml:1:1: is empty");
    assertError("- a\n", "x.yaml:1:1: a list is not a mapping");
    assertError("text", "x.yaml:1:1: text is not a mapping");
    assertError("name: \u0001", "x.yaml:1:1: is no YAML: ");
    assertError("#" + "x".repeat(262_144), "x.yaml:1:1: is longer than 262144 characters");
  }

  @Test
  void oneSourceHasNothingToBeComparedWith() {
    assertError(
        GOOD.replace("  - name: bank\n    topic: bank_txns\n", ""),
        "x.yaml:6:1: sources: 1 sources; 2 to 16 can be compared");
    String many =
        IntStream.range(0, 15)
            .mapToObj(i -> "  - {name: s%d, topic: t%d}\n".formatted(i, i))
            .collect(Collectors.joining("", "rules", ""));
    assertError(
        GOOD.replace("rules:", many.substring(5) + "rules:"),
        "x.yaml:6:1: sources: 17 sources; 2 to 16 can be compared");
  }

  @Test
  void aliasesCannotMultiply() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertError(bomb.toString(), "x.yaml:");
    assertError("a: &a [*a]", "x.yaml:");
  }

  private static void assertError(String yaml, String line) {
    assertThatThrownBy(() -> DefinitionReader.read("x.yaml", yaml))
        .isInstanceOf(DefinitionException.class)
        .message()
        .startsWith(line)
        .hasLineCount(1);
  }
}
