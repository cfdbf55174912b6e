package dev.tallystick.formats.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.AccountRule;
import dev.tallystick.core.rules.AmountRule;
import dev.tallystick.core.rules.CurrencyRule;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rule;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.core.rules.StatusRule;
import dev.tallystick.core.rules.StatusVocabulary;
import dev.tallystick.core.rules.TimestampRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a definition says (contracts, section 5). What it must not say: DefinitionErrorsTest. */
class DefinitionReaderTest {

  private static final String SMALLEST =
      """
      name: settlement
      version: 1
      partitions: 8
      sources:
        - {name: gateway, topic: gateway_txns}
        - {name: bank, topic: bank_txns}
      """;

  @Test
  void whatTheSmallestDefinitionMeans() {
    Reconciliation read = DefinitionReader.read("x.yaml", SMALLEST);
    assertThat(read.name()).isEqualTo("settlement");
    assertThat(read.version()).isEqualTo(1);
    assertThat(read.validFromMs()).isEqualTo(Event.NONE);
    assertThat(read.where().text()).isEqualTo("true");
    assertThat(read.partitions()).isEqualTo(8);
    assertThat(read.text()).isEqualTo(SMALLEST);
    assertThat(read.hash())
        .isEqualTo("07db194deef1f70c95b5f332be1aa75d7d280b67b96ae71076cd67f7df5a1924");
    assertThat(read.sources())
        .containsExactly(
            new SourceRule(
                "gateway",
                "gateway_txns",
                true,
                60_000,
                null,
                Set.of(),
                false,
                false,
                "json",
                Map.of()),
            new SourceRule(
                "bank",
                "bank_txns",
                false,
                60_000,
                null,
                Set.of(),
                false,
                false,
                "json",
                Map.of()));
    assertThat(read.rules())
        .isEqualTo(
            new RuleSet(
                List.of(
                    new CurrencyRule("currency"),
                    new AmountRule("amount", 0, 0, false),
                    new StatusRule("status", StatusVocabulary.PLAIN),
                    new AccountRule("account"),
                    new TimestampRule("timestamp", 300_000, 0)),
                StatusVocabulary.PLAIN,
                "missing",
                "duplicate",
                "unexpected"));
  }

  @Test
  void everyKeyIsHeard() {
    Reconciliation read =
        DefinitionReader.read(
            "x.yaml",
            """
            name: big-one
            version: 3
            valid-from: 2025-12-18T10:15:30Z
            match-key: txn_id
            where: "event.amount > 0"
            partitions: 1024
            sources:
              - name: gateway
                topic: gateway_txns
                sla: 5m
                format: json
                types: [PAYMENT_CAPTURED, PAYMENT_REFUNDED]
                mapping: {txn_id: id, amount: "minor"}
                timestamps: create
                partitioner: other
              - {name: bank, topic: bank_txns, reference: true, sla: 1500ms}
              - {name: mobile, topic: mobile_txns, sla: 2d, when: "event.channel == 'MOBILE'",
                 reference: false, timestamps: append, partitioner: default}
            rules:
              - {name: money, type: AMOUNT, tolerance-minor: 7, tolerance-bp: 10000, fee: true}
              - {type: STATUS, enabled: true, synonyms: {CAPTURED: SUCCESS}, pending: [PENDING]}
              - {name: clock, type: TIMESTAMP, tolerance: 0s, tolerance-business-days: 2}
              - {type: ACCOUNT, enabled: false}
              - {type: MISSING, name: silent}
              - {type: DUPLICATE, enabled: false}
              - {type: UNEXPECTED, enabled: false}
            """);
    assertThat(read.validFromMs()).isEqualTo(Instant.parse("2025-12-18T10:15:30Z").toEpochMilli());
    assertThat(read.where().text()).isEqualTo("event.amount > 0");
    assertThat(read.partitions()).isEqualTo(1024);
    assertThat(read.reference().name()).isEqualTo("bank");
    SourceRule gateway = read.sources().getFirst();
    assertThat(gateway)
        .isEqualTo(
            new SourceRule(
                "gateway",
                "gateway_txns",
                false,
                300_000,
                null,
                Set.of("PAYMENT_CAPTURED", "PAYMENT_REFUNDED"),
                true,
                true,
                "json",
                Map.of("txn_id", "id", "amount", "minor")));
    SourceRule mobile = read.sources().getLast();
    assertThat(mobile.slaMs()).isEqualTo(172_800_000);
    assertThat(mobile.when()).isNotNull();
    assertThat(mobile.createTime()).isFalse();
    assertThat(mobile.otherPartitioner()).isFalse();
    StatusVocabulary words = new StatusVocabulary(Map.of("CAPTURED", "SUCCESS"), Set.of("PENDING"));
    assertThat(read.rules())
        .isEqualTo(
            new RuleSet(
                List.of(
                    new CurrencyRule("currency"),
                    new AmountRule("money", 7, 10_000, true),
                    new StatusRule("status", words),
                    new TimestampRule("clock", 0, 2)),
                words,
                "silent",
                null,
                null));
  }

  @Test
  void synonymsCountEvenWhereStatusesAreNotCompared() {
    RuleSet rules =
        rules("- {type: STATUS, enabled: false, synonyms: {OK: SUCCESS}, pending: [NEW]}");
    assertThat(rules.comparisons()).extracting(Rule::type).doesNotContain(MismatchType.STATUS);
    assertThat(rules.statuses().isFinal("OK")).isTrue();
  }

  @Test
  void ownRulesStandWhereTheirTypeStands() {
    RuleSet rules =
        rules(
            """
            - {name: late, class: "%1$s"}
              - {name: plain, class: "%2$s"}
              - {name: unused, class: "%2$s", enabled: false}\
            """
                .formatted(SampleRules.Late.class.getName(), SampleRules.Plain.class.getName()));
    assertThat(rules.comparisons())
        .extracting(Rule::name)
        .containsExactly("currency", "amount", "status", "account", "plain", "timestamp", "late");
    Rule plain = rules.comparisons().get(4);
    assertThat(plain.type()).isEqualTo(MismatchType.ACCOUNT);
    assertThat(plain.compare(SampleRules.EVENT, SampleRules.EVENT))
        .isEqualTo(SampleRules.DIFFERENCE);
  }

  @Test
  void aDirectoryIsReadInTheOrderOfItsFiles(@TempDir Path directory) throws IOException {
    write(directory, "b.yaml", SMALLEST.replace("bank_txns", "b_txns"));
    write(directory, "a.yml", SMALLEST.replace("settlement", "zebra"));
    write(directory, "c.txt", "not read");
    assertThat(DefinitionReader.readDirectory(directory))
        .extracting(Reconciliation::name)
        .containsExactly("zebra", "settlement");
  }

  @Test
  void aDirectoryMustAgreeWithItself(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> DefinitionReader.readDirectory(directory))
        .isInstanceOf(DefinitionException.class)
        .hasMessage(directory + ": no definition (*.yaml) is here");
    write(directory, "a.yaml", SMALLEST);
    write(directory, "b.yaml", SMALLEST);
    assertDirectoryError(
        directory, directory + "/b.yaml: name: settlement is in " + directory + "/a.yaml");

    String other = SMALLEST.replace("settlement", "other");
    String shared = directory + ": topic gateway_txns is shared, but ";
    write(directory, "b.yaml", other.replace("partitions: 8", "partitions: 4"));
    assertDirectoryError(directory, shared + "partitions differs: 8 in settlement, 4 in other");
    write(directory, "b.yaml", other.replace("name: gateway", "name: gw"));
    assertDirectoryError(
        directory, shared + "the source's name differs: gateway in settlement, gw in other");
    write(directory, "b.yaml", other.replace("gateway_txns", "gateway_txns, timestamps: create"));
    assertDirectoryError(
        directory, shared + "timestamps: create differs: false in settlement, true in other");
    write(directory, "b.yaml", other.replace("gateway_txns", "gateway_txns, partitioner: other"));
    assertDirectoryError(
        directory, shared + "partitioner: other differs: false in settlement, true in other");
    write(
        directory, "b.yaml", other.replace("gateway_txns", "gateway_txns, mapping: {fee: charge}"));
    assertDirectoryError(
        directory, shared + "mapping differs: {} in settlement, {fee=charge} in other");

    Files.write(directory.resolve("b.yaml"), new byte[] {(byte) 0xFF});
    assertThatThrownBy(() -> DefinitionReader.readDirectory(directory))
        .isInstanceOf(DefinitionException.class)
        .message()
        .startsWith(directory + "/b.yaml: cannot be read as UTF-8: ");
    assertThatThrownBy(() -> DefinitionReader.readDirectory(directory.resolve("none")))
        .isInstanceOf(DefinitionException.class)
        .message()
        .startsWith(directory + "/none: cannot be listed: ");
  }

  @Test
  void thePresetsAreAsTheContractSays() {
    List<Reconciliation> presets =
        DefinitionReader.readDirectory(Path.of("../../config/reconciliations"));
    assertThat(presets).extracting(Reconciliation::name).containsExactly("payments", "settlement");
    Reconciliation payments = presets.getFirst();
    assertThat(payments.where().text()).isEqualTo("has(event.channel)");
    assertThat(payments.partitions()).isEqualTo(8);
    assertThat(payments.reference().name()).isEqualTo("core");
    assertThat(payments.sources())
        .extracting(SourceRule::name, SourceRule::topic, SourceRule::slaMs)
        .containsExactly(
            tuple("core", "core_txns", 60_000L),
            tuple("gateway", "gateway_txns", 60_000L),
            tuple("mobile", "mobile_txns", 60_000L));
    assertThat(payments.rules().statuses().isFinal("POSTED")).isTrue();
    assertThat(payments.rules().statuses().isFinal("AUTHORIZED")).isFalse();
    Reconciliation settlement = presets.getLast();
    assertThat(settlement.where().text()).isEqualTo("!has(event.channel)");
    assertThat(settlement.reference().name()).isEqualTo("gateway");
    assertThat(settlement.rules().statuses().canonical("CAPTURED")).isEqualTo("SUCCESS");
  }

  private static RuleSet rules(String lines) {
    return DefinitionReader.read("x.yaml", SMALLEST + "rules:\n  " + lines + "\n").rules();
  }

  private static void write(Path directory, String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text, StandardCharsets.UTF_8);
  }

  private static void assertDirectoryError(Path directory, String line) {
    assertThatThrownBy(() -> DefinitionReader.readDirectory(directory))
        .isInstanceOf(DefinitionException.class)
        .hasMessage(line);
  }
}
