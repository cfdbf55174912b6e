package dev.tallystick.simulator.verify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verification found (contracts, section 1).
 *
 * @param records of the log below the stored positions, each position once
 * @param transactions rows compared
 * @param agree rows equal to the oracle's, field by field, mismatches included
 * @param differ the other rows
 * @param lost records that are in no row, dead letter or redelivery counter
 * @param doubled records that are in more than one
 * @param falseMissing MISSING rows the oracle does not give
 * @param staleWrites outbox rows whose epoch is below that of an earlier seq
 * @param other disagreements that belong to no row: dead letters, statistics, counters, archive
 */
public record VerifyResult(
    long records,
    long transactions,
    long agree,
    long differ,
    long lost,
    long doubled,
    long falseMissing,
    long staleWrites,
    long other,
    @Nullable Difference firstDifference) {

  /**
   * @param txnId null where the difference belongs to no transaction
   */
  public record Difference(
      String reconciliation,
      int partition,
      @Nullable String txnId,
      String field,
      @Nullable String expected,
      @Nullable String actual) {}

  private static final JsonMapper JSON = new JsonMapper();

  public boolean ok() {
    return differ == 0
        && lost == 0
        && doubled == 0
        && falseMissing == 0
        && staleWrites == 0
        && other == 0;
  }

  /** The result line. */
  public String toJson(String command) {
    ObjectNode line = JSON.createObjectNode();
    line.put("event", "result").put("command", command).put("ok", ok());
    line.put("records", records).put("transactions", transactions).put("agree", agree);
    line.put("differ", differ).put("lost", lost).put("double", doubled);
    line.put("false_missing", falseMissing).put("stale_writes", staleWrites).put("other", other);
    line.set("first_difference", JSON.valueToTree(shown()));
    return line.toString();
  }

  /** The first difference in wire names; null when there is none. */
  public @Nullable Map<String, Object> shown() {
    if (firstDifference == null) {
      return null;
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("reconciliation", firstDifference.reconciliation());
    shown.put("partition", firstDifference.partition());
    if (firstDifference.txnId() != null) {
      shown.put("txn_id", firstDifference.txnId());
    }
    shown.put("field", firstDifference.field());
    shown.put("expected", String.valueOf(firstDifference.expected()));
    shown.put("actual", String.valueOf(firstDifference.actual()));
    return shown;
  }
}
