package dev.tallystick.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.formats.json.CommandDecoder;
import dev.tallystick.formats.json.Records;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two reconciliations read the gateway's topic: whose is a record? */
class MembershipTest {

  private static final String TOPIC = "gateway_txns";
  private static final String PLAIN = Records.EXAMPLE;
  private static final String MOBILE = with("\"channel\":\"MOBILE\"");
  private static final String WEB = with("\"channel\":\"WEB\"");

  private final Rulebook payments = book("payments", "event.channel == 'MOBILE'");
  private final Rulebook settlement = book("settlement", "!has(event.channel)");
  private final List<Rulebook> both = List.of(settlement, payments);
  private final EventDecoder ofPayments = over(new Membership(payments, TOPIC, both));
  private final EventDecoder ofSettlement = over(new Membership(settlement, TOPIC, both));

  @Test
  void theFirstByNameIsTheKeeper() {
    assertThat(new Membership(payments, TOPIC, both).keeper()).isTrue();
    assertThat(new Membership(settlement, TOPIC, both).keeper()).isFalse();
    assertThat(new Membership(settlement, TOPIC, List.of()).keeper()).isTrue();
  }

  @Test
  void anEventBelongsToTheOneThatTakesIt() {
    assertThat(read(ofPayments, MOBILE)).isInstanceOf(Reading.Taken.class);
    assertThat(read(ofSettlement, MOBILE)).isInstanceOf(Reading.NotOurs.class);
    assertThat(read(ofPayments, PLAIN)).isInstanceOf(Reading.NotOurs.class);
    assertThat(read(ofSettlement, PLAIN)).isInstanceOf(Reading.Taken.class);
  }

  @Test
  void anEventThatNobodyTakesIsOneDeadLetterTheKeepers() {
    Reading kept = read(ofPayments, WEB);
    assertThat(kept)
        .isEqualTo(
            new Reading.Refused(
                kept.raw(),
                DeadLetterReason.NO_RECONCILIATION,
                "no reconciliation that reads gateway_txns takes \"TXN1001\"",
                true));
    assertThat(read(ofSettlement, WEB)).isInstanceOf(Reading.NotOurs.class);
  }

  @Test
  void aRecordThatIsNoEventIsTheKeepers() {
    Reading.Refused kept = (Reading.Refused) read(ofPayments, "nonsense");
    Reading.Refused seen = (Reading.Refused) read(ofSettlement, "nonsense");
    assertThat(kept.ours()).isTrue();
    assertThat(seen.ours()).isFalse();
    assertThat(seen.reason()).isEqualTo(kept.reason());
    assertThat(seen.detail()).isEqualTo(kept.detail());
  }

  @Test
  void theRecordsOwnTimeChoosesTheVersion() {
    Reconciliation later =
        definition("payments", 2, "valid-from: 2025-12-18T10:15:32Z", TOPIC, "has(event.channel)");
    Rulebook grown = new Rulebook(List.of(payments.newest(), later));
    List<Rulebook> sharing = List.of(grown, settlement);
    EventDecoder decoder = over(new Membership(grown, TOPIC, sharing));
    assertThat(decoder.decode(at(Records.AT, WEB))).isInstanceOf(Reading.Refused.class);
    assertThat(decoder.decode(at(Records.AT + 999, WEB))).isInstanceOf(Reading.Refused.class);
    assertThat(decoder.decode(at(Records.AT + 1_000, WEB))).isInstanceOf(Reading.Taken.class);
  }

  @Test
  void aVersionThatDoesNotReadTheTopicTakesNothingFromIt() {
    Reconciliation before = definition("settlement", 1, "", "other_txns", "!has(event.channel)");
    Reconciliation now =
        definition(
            "settlement", 2, "valid-from: 2025-12-18T10:15:32Z", TOPIC, "!has(event.channel)");
    Rulebook moved = new Rulebook(List.of(before, now));
    EventDecoder keeper = over(new Membership(payments, TOPIC, List.of(payments, moved)));
    EventDecoder mover = over(new Membership(moved, TOPIC, List.of(payments, moved)));
    assertThat(keeper.decode(at(Records.AT, PLAIN))).isInstanceOf(Reading.Refused.class);
    assertThat(mover.decode(at(Records.AT, PLAIN))).isInstanceOf(Reading.NotOurs.class);
    assertThat(keeper.decode(at(Records.AT + 1_000, PLAIN))).isInstanceOf(Reading.NotOurs.class);
    assertThat(mover.decode(at(Records.AT + 1_000, PLAIN))).isInstanceOf(Reading.Taken.class);
  }

  @Test
  void commandsBelongToTheReconciliationTheyWereSentTo() {
    EventDecoder commands =
        Membership.ofCommands(settlement).over(new CommandDecoder(Records.RECORD_MAX));
    String reopen =
        """
        {"event_id":"c","txn_id":"TXN1001","event_type":"REOPEN","by":"alice"}\
        """;
    assertThat(read(commands, reopen)).isInstanceOf(Reading.Taken.class);
    assertThat(((Reading.Refused) read(commands, "nonsense")).ours()).isTrue();
  }

  private static EventDecoder over(Membership membership) {
    return membership.over(Records.decoder());
  }

  private static Reading read(EventDecoder decoder, String payload) {
    return decoder.decode(Records.record(payload));
  }

  private static RawRecord at(long timestampMs, String payload) {
    return new RawRecord(
        7, timestampMs, Records.bytes("TXN1001"), Records.bytes(payload), List.of());
  }

  private static String with(String more) {
    return PLAIN.substring(0, PLAIN.length() - 1) + "," + more + "}";
  }

  private static Rulebook book(String name, String where) {
    return new Rulebook(List.of(definition(name, 1, "", TOPIC, where)));
  }

  private static Reconciliation definition(
      String name, int version, String more, String topic, String where) {
    return DefinitionReader.read(
        name + ".yaml",
        """
        name: %s
        version: %d
        %s
        where: "%s"
        partitions: 8
        sources: [{name: gateway, topic: %s}, {name: bank, topic: %s_bank}]
        """
            .formatted(name, version, more, where, topic, name));
  }
}
