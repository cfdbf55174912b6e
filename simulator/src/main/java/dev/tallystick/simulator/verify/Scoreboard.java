package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.workload.FaultKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Detected, injected, false: the truth of a directory against PostgreSQL. A progress reads the new
 * lines of the truth, the sums of {@code statistics}, the narrow columns of {@code mismatches} and
 * {@code dead_letters} (a few per cent of the transactions) and, by key, the rows of faults not yet
 * seen; only {@link #finish} looks at everything. Used by one thread.
 */
public final class Scoreboard {

  private static final int KEYS_PER_QUERY = 5_000;

  /** How long after its cause a finding may take before a progress calls it missed. */
  private static final long GRACE_MS = 15_000;

  private static final long LATE_MAX_MS = 8_000;
  private static final List<String> STATES =
      List.of("PENDING", "MATCHED", "MISMATCHED", "OVERDUE", "RESOLVED");

  private final Expectations truth;
  private final Map<String, Integer> partitions = new HashMap<>();
  private long slaMaxMs;

  private long falseFindings;
  private @Nullable String firstFalse;

  /**
   * @param directory of the truth
   * @param definitions of the workload, for partition counts and SLAs
   */
  public Scoreboard(Path directory, Collection<Definition> definitions) {
    this.truth = new Expectations(directory);
    for (Definition definition : definitions) {
      partitions.put(definition.name(), definition.partitions());
      for (Definition.Source source : definition.sources()) {
        slaMaxMs = Math.max(slaMaxMs, source.slaMs());
      }
    }
  }

  /**
   * A live count; what is not due is not missed.
   *
   * @param nowMs epoch milliseconds
   * @throws IllegalStateException PostgreSQL did not answer
   */
  public Score progress(Connection connection, long nowMs) {
    return count(connection, nowMs, false);
  }

  /** The last count, when everything is due and durable. */
  public Score finish(Connection connection) {
    truth.forgetDetected();
    return count(connection, Long.MAX_VALUE, true);
  }

  /** {@link #finish(Connection)} on a connection of its own. */
  public Score finish(String jdbcUrl, String user, String password) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password)) {
      return finish(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL at " + jdbcUrl + ": " + e.getMessage(), e);
    }
  }

  private Score count(Connection connection, long nowMs, boolean last) {
    falseFindings = 0;
    firstFalse = null;
    try {
      // What is in the database before the truth is read on is in the truth: it is written first.
      Map<String, Long> states = states(connection);
      Rows rows = new Rows(connection);
      truth.readOn();
      rows.mismatches();
      long deadLetters = rows.deadLetters();
      rows.ownRows();
      long redeliveries =
          last ? one(connection, "select coalesce(sum(redeliveries), 0) from transactions") : -1;
      return score(states, deadLetters, redeliveries, nowMs);
    } catch (SQLException e) {
      throw new IllegalStateException("counting in PostgreSQL: " + e.getMessage(), e);
    }
  }

  private Score score(Map<String, Long> states, long deadLetters, long redeliveries, long nowMs) {
    Map<FaultKind, Long> injected = new EnumMap<>(FaultKind.class);
    Map<FaultKind, Long> detected = new EnumMap<>(FaultKind.class);
    for (FaultKind kind : FaultKind.values()) {
      injected.put(kind, 0L);
      detected.put(kind, 0L);
    }
    long[] missed = {0};
    String[] firstMissed = {""};
    truth.each(
        expected -> {
          injected.merge(expected.kind, 1L, Long::sum);
          if (expected.detected) {
            detected.merge(expected.kind, 1L, Long::sum);
          } else if (nowMs > dueMs(expected)) {
            missed[0]++;
            firstMissed[0] = firstMissed[0].isEmpty() ? missed(expected) : firstMissed[0];
          }
        });
    String first = firstFalse != null || firstMissed[0].isEmpty() ? firstFalse : firstMissed[0];
    return new Score(
        truth.transactions(),
        states,
        injected,
        detected,
        missed[0],
        falseFindings,
        deadLetters,
        redeliveries,
        first);
  }

  private static String missed(Expectations.Expected expected) {
    return expected.txnId + ": " + expected.kind + " of " + expected.source + " was not detected";
  }

  private long dueMs(Expectations.Expected expected) {
    return expected.beginMs
        + GRACE_MS
        + switch (expected.kind) {
          case LATE -> slaMaxMs + LATE_MAX_MS;
          case MISSING -> slaMaxMs;
          default -> 0;
        };
  }

  private static Map<String, Long> states(Connection connection) throws SQLException {
    Map<String, Long> states = new LinkedHashMap<>();
    STATES.forEach(state -> states.put(state, 0L));
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select state, sum(transactions)::bigint from statistics group by state")) {
      while (rows.next()) {
        states.put(String.valueOf(rows.getString(1)), rows.getLong(2));
      }
    }
    return states;
  }

  private static long one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void unexpected(String what) {
    falseFindings++;
    firstFalse = firstFalse == null ? what : firstFalse;
  }

  /** The queries of one count. */
  private final class Rows {
    private final Connection connection;

    Rows(Connection connection) {
      this.connection = connection;
    }

    void mismatches() throws SQLException {
      String sql = "select txn_id, reconciliation, type, source, closed_by from mismatches";
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          mismatch(
              String.valueOf(rows.getString(1)),
              String.valueOf(rows.getString(2)),
              String.valueOf(rows.getString(3)),
              String.valueOf(rows.getString(4)),
              rows.getString(5));
        }
      }
    }

    private void mismatch(
        String txnId,
        String reconciliation,
        String type,
        String source,
        @Nullable String closedBy) {
      if (!truth.isOurs(txnId)) {
        return;
      }
      Expectations.Expected expected = truth.of(txnId);
      if (expected != null
          && expected.reconciliation.equals(reconciliation)
          && expected.source.equals(source)
          && expected.opens().equals(type)) {
        expected.detected = expected.kind != FaultKind.LATE || "LATE_ARRIVAL".equals(closedBy);
      } else if (!type.equals("MISSING") || !truth.mayBeLate(txnId, source)) {
        unexpected(txnId + ": " + type + " of " + source + " in " + reconciliation);
      }
    }

    long deadLetters() throws SQLException {
      Set<String> seen = new HashSet<>();
      long all = 0;
      String sql = "select key, reason, topic, partition, \"offset\" from dead_letters";
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          all++;
          byte[] key = rows.getBytes(1);
          String txnId = key == null ? "" : new String(key, StandardCharsets.UTF_8);
          if (truth.isOurs(txnId)) {
            Expectations.Expected expected = truth.of(txnId);
            if (expected != null
                && expected.kind == FaultKind.POISON
                && rows.getString(2).equals(expected.reason)
                && (seen.add(txnId) || truth.isResumed(txnId))) {
              expected.detected = true;
            } else {
              unexpected(
                  txnId
                      + ": dead letter "
                      + rows.getString(2)
                      + " at "
                      + rows.getString(3)
                      + "/"
                      + rows.getInt(4)
                      + "/"
                      + rows.getLong(5));
            }
          }
        }
      }
      return all;
    }

    /** REDELIVERY is a counter of its row; REORDERED is a row that matched. */
    void ownRows() throws SQLException {
      List<Expectations.Expected> open = truth.undetectedInRows();
      for (int from = 0; from < open.size(); from += KEYS_PER_QUERY) {
        ownRows(open.subList(from, Math.min(open.size(), from + KEYS_PER_QUERY)));
      }
    }

    private void ownRows(List<Expectations.Expected> some) throws SQLException {
      String sql =
          """
          select t.txn_id, t.redeliveries, t.state
            from unnest(?::text[], ?::int[], ?::text[]) as k(reconciliation, partition, txn_id)
            join transactions t using (reconciliation, partition, txn_id)\
          """;
      String[] reconciliations = new String[some.size()];
      Integer[] numbers = new Integer[some.size()];
      String[] keys = new String[some.size()];
      for (int i = 0; i < some.size(); i++) {
        Expectations.Expected expected = some.get(i);
        reconciliations[i] = expected.reconciliation;
        numbers[i] = partition(expected);
        keys[i] = expected.txnId;
      }
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setArray(1, connection.createArrayOf("text", reconciliations));
        statement.setArray(2, connection.createArrayOf("int", numbers));
        statement.setArray(3, connection.createArrayOf("text", keys));
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            Expectations.Expected expected = truth.of(String.valueOf(rows.getString(1)));
            if (expected != null) {
              expected.detected =
                  expected.kind == FaultKind.REDELIVERY
                      ? rows.getInt(2) > 0
                      : "MATCHED".equals(rows.getString(3));
            }
          }
        }
      }
    }

    private int partition(Expectations.Expected expected) {
      byte[] key = expected.txnId.getBytes(StandardCharsets.UTF_8);
      int count = partitions.getOrDefault(expected.reconciliation, 1);
      return Utils.toPositive(Utils.murmur2(key)) % count;
    }
  }
}
