package dev.tallystick.simulator;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import java.util.List;

/** The two presets, as the contracts describe them; few partitions keep tests readable. */
public final class Presets {

  public static final String PAYMENTS_TEXT =
      """
      name: payments
      version: 1
      match-key: txn_id
      where: "has(event.channel)"
      partitions: 2
      sources:
        - {name: core, topic: core_txns, reference: true, sla: 60s}
        - {name: gateway, topic: gateway_txns, sla: 60s}
        - {name: mobile, topic: mobile_txns, sla: 60s, when: "event.channel == 'MOBILE'"}
      rules:
        - {name: amount, type: AMOUNT, tolerance-minor: 0, tolerance-bp: 0}
        - {name: status, type: STATUS, synonyms: {CAPTURED: SUCCESS}, pending: [PENDING]}
        - {name: time, type: TIMESTAMP, tolerance: 5m}
      """;

  public static final String SETTLEMENT_TEXT =
      """
      name: settlement
      version: 1
      where: "!has(event.channel)"
      partitions: 2
      sources:
        - {name: gateway, topic: gateway_txns, reference: true, sla: 60s, format: json}
        - {name: bank, topic: bank_txns, sla: 60s}
      rules:
        - {name: amount, type: AMOUNT}
        - {name: status, type: STATUS, synonyms: {CAPTURED: SUCCESS}, pending: [PENDING]}
      """;

  public static final Definition PAYMENTS = DefinitionFile.parse(PAYMENTS_TEXT);
  public static final Definition SETTLEMENT = DefinitionFile.parse(SETTLEMENT_TEXT);
  public static final List<Definition> BOTH = List.of(PAYMENTS, SETTLEMENT);

  private Presets() {}
}
