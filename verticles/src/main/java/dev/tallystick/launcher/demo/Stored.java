package dev.tallystick.launcher.demo;

import dev.tallystick.launcher.endpoints.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL says, over one connection that is opened again after a failure. */
final class Stored implements AutoCloseable {

  /**
   * A row of {@code partition_progress}.
   *
   * @param watermarkMs log time; {@link Long#MIN_VALUE}: none yet
   * @param unpublished changes stored and not yet published
   */
  record Progress(
      String reconciliation,
      int partition,
      List<String> topics,
      List<Long> positions,
      long watermarkMs,
      long unpublished) {}

  private final Servers servers;
  private @Nullable Connection connection;

  Stored(Servers servers) {
    this.servers = servers;
  }

  /**
   * @throws IllegalStateException PostgreSQL did not answer; the next call tries again
   */
  <T> T ask(Function<Connection, T> question) {
    boolean answered = false;
    try {
      Connection open = connection;
      if (open == null) {
        open =
            DriverManager.getConnection(
                servers.jdbcUrl(), servers.postgres().user(), servers.postgres().password());
        connection = open;
      }
      T answer = question.apply(open);
      answered = true;
      return answer;
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      if (!answered) {
        close();
      }
    }
  }

  /** Records that are durable, each once, whatever became of them. */
  long events() {
    // `skipped`: read by one reconciliation, given to another.
    return one(
        """
        select coalesce(sum(r.n), 0)
          from (select (select sum(x) from unnest(records_read) x)
                       - (select sum(x) from unnest(records_skipped) x) as n
                  from partition_progress) r\
        """);
  }

  /** Repeats that changed nothing. */
  long redeliveries() {
    return one("select coalesce(sum(redeliveries), 0) from transactions where redeliveries > 0");
  }

  List<Progress> progress() {
    return ask(
        open -> {
          String sql =
              """
              select reconciliation, partition, topics, positions,
                     extract(epoch from watermark) * 1000, seq - published_to
                from partition_progress order by 1, 2\
              """;
          List<Progress> all = new ArrayList<>();
          try (Statement statement = open.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              long watermarkMs = rows.getLong(5);
              watermarkMs = rows.wasNull() ? Long.MIN_VALUE : watermarkMs;
              all.add(
                  new Progress(
                      String.valueOf(rows.getString(1)),
                      rows.getInt(2),
                      List.of((String[]) rows.getArray(3).getArray()),
                      List.of((Long[]) rows.getArray(4).getArray()),
                      watermarkMs,
                      rows.getLong(6)));
            }
          } catch (SQLException e) {
            throw failed(e);
          }
          return all;
        });
  }

  private long one(String sql) {
    return ask(
        open -> {
          try (Statement statement = open.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
          } catch (SQLException e) {
            throw failed(e);
          }
        });
  }

  private IllegalStateException failed(SQLException e) {
    return new IllegalStateException("asking " + servers.postgres() + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // A connection that cannot be closed is gone already.
      }
    }
  }
}
