package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.oracle.Finding;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One REPEATABLE READ, read-only transaction; rows are streamed. */
public final class PostgresSnapshot implements Snapshot {

  private static final int FETCH = 2_000;
  private static final int FETCH_SEGMENTS = 16; // a segment may be megabytes

  private final Connection connection;

  private PostgresSnapshot(Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws IllegalStateException PostgreSQL did not answer
   */
  public static PostgresSnapshot open(String jdbcUrl, String user, String password) {
    try {
      Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return new PostgresSnapshot(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL at " + jdbcUrl + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Definition> definitions() {
    String sql =
        """
        select definition, version, tallystick_ms(valid_from)
          from reconciliation_versions order by reconciliation, version\
        """;
    return list(
        sql,
        row -> {
          Long validFromMs = number(row, 3);
          Definition read = DefinitionFile.parse(text(row, 1));
          return read.validFrom(validFromMs == null ? Definition.ALWAYS : validFromMs);
        });
  }

  @Override
  public List<Progress> progress() {
    String sql =
        """
        select reconciliation, partition, sources, topics, positions, archived_to, records_read,
               records_dead, records_skipped, tallystick_ms(watermark)
          from partition_progress order by reconciliation, partition\
        """;
    return list(
        sql,
        row ->
            new Progress(
                text(row, 1),
                row.getInt(2),
                array(row, 3, String[].class),
                array(row, 4, String[].class),
                array(row, 5, Long[].class),
                array(row, 6, Long[].class),
                array(row, 7, Long[].class),
                array(row, 8, Long[].class),
                array(row, 9, Long[].class),
                number(row, 10)));
  }

  @Override
  public void transactions(String reconciliation, int partition, Consumer<Transaction> each) {
    String sql =
        """
        select txn_id, state, label, worst, amount, currency, tallystick_ms(first_arrival),
               tallystick_ms(next_deadline), rule_version, overflow, redeliveries, tallies, events
          from transactions where reconciliation = ? and partition = ?\
        """;
    each(
        sql,
        row ->
            new Transaction(
                text(row, 1),
                text(row, 2),
                text(row, 3),
                row.getString(4),
                number(row, 5),
                row.getString(6),
                number(row, 7),
                number(row, 8),
                row.getInt(9),
                row.getBoolean(10),
                row.getInt(11),
                row.getString(12),
                text(row, 13)),
        each,
        reconciliation,
        partition);
  }

  @Override
  public void mismatches(String reconciliation, int partition, Consumer<Mismatch> each) {
    String sql =
        """
        select id, txn_id, type, source, field, expected, actual, delta, tolerance, currency, rule,
               sources, severity, tallystick_ms(opened_at), tallystick_ms(closed_at), closed_by
          from mismatches where reconciliation = ? and partition = ?\
        """;
    each(
        sql,
        row ->
            new Mismatch(
                text(row, 1),
                text(row, 2),
                new Finding(
                    MismatchType.valueOf(text(row, 3)),
                    text(row, 4),
                    text(row, 5),
                    row.getString(6),
                    row.getString(7),
                    number(row, 8),
                    number(row, 9),
                    row.getString(10),
                    text(row, 11),
                    array(row, 12, String[].class),
                    text(row, 13),
                    row.getLong(14),
                    number(row, 15),
                    row.getString(16))),
        each,
        reconciliation,
        partition);
  }

  @Override
  public List<DeadLetter> deadLetters(String reconciliation, int partition) {
    String sql =
        """
        select source, topic, "offset", reason
          from dead_letters where reconciliation = ? and partition = ? order by topic, "offset\"\
        """;
    return list(
        sql,
        row -> new DeadLetter(text(row, 1), text(row, 2), row.getLong(3), text(row, 4)),
        reconciliation,
        partition);
  }

  @Override
  public List<Count> statistics(String reconciliation, int partition) {
    String sql =
        """
        select case when minute > '-infinity' then tallystick_ms(minute) end, state, worst,
               transactions
          from statistics where reconciliation = ? and partition = ? and transactions <> 0
         order by minute, state, worst\
        """;
    return list(
        sql,
        row -> new Count(number(row, 1), text(row, 2), text(row, 3), row.getLong(4)),
        reconciliation,
        partition);
  }

  @Override
  public void outbox(String reconciliation, int partition, Consumer<OutboxEntry> each) {
    String sql =
        "select seq, epoch from outbox where reconciliation = ? and partition = ? order by seq";
    each(
        sql,
        row -> new OutboxEntry(row.getLong(1), row.getLong(2)),
        each,
        reconciliation,
        partition);
  }

  @Override
  public Iterator<Segment> segments(String topic, int partition) {
    String sql =
        """
        select reconciliation, first_offset, last_offset, records, codec, payload
          from event_archive where topic = ? and partition = ? order by reconciliation, first_offset\
        """;
    try {
      PreparedStatement statement = connection.prepareStatement(sql);
      statement.closeOnCompletion();
      statement.setFetchSize(FETCH_SEGMENTS);
      statement.setString(1, topic);
      statement.setInt(2, partition);
      return new Rows<>(
          statement.executeQuery(),
          row ->
              new Segment(
                  text(row, 1),
                  row.getLong(2),
                  row.getLong(3),
                  row.getInt(4),
                  text(row, 5),
                  row.getBytes(6)));
    } catch (SQLException e) {
      throw new IllegalStateException("segments of " + topic + "/" + partition, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("closing the snapshot: " + e.getMessage(), e);
    }
  }

  /** One row → one value. */
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> list(String sql, Reader<T> reader, Object... arguments) {
    List<T> all = new ArrayList<>();
    each(sql, reader, all::add, arguments);
    return all;
  }

  private <T> void each(String sql, Reader<T> reader, Consumer<T> each, Object... arguments) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH);
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          each.accept(reader.read(rows));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
    }
  }

  /** A result set, pulled row by row; it is closed at its end or with the connection. */
  private static final class Rows<T> implements Iterator<T> {
    private final ResultSet rows;
    private final Reader<T> reader;
    private boolean ready;

    Rows(ResultSet rows, Reader<T> reader) throws SQLException {
      this.rows = rows;
      this.reader = reader;
      this.ready = rows.next();
    }

    @Override
    public boolean hasNext() {
      return ready;
    }

    @Override
    public T next() {
      if (!ready) {
        throw new NoSuchElementException();
      }
      try {
        T value = reader.read(rows);
        ready = rows.next();
        if (!ready) {
          rows.close();
        }
        return value;
      } catch (SQLException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    if (text == null) {
      throw new SQLException("column " + column + " is null");
    }
    return text;
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static <T> List<T> array(ResultSet row, int column, Class<T[]> type) throws SQLException {
    Array array = row.getArray(column);
    return List.of(type.cast(array.getArray()));
  }
}
