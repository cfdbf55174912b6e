package dev.tallystick.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the migrations make of an empty database. */
class SchemaIT {

  @Test
  void anEmptyDatabaseGetsTheTablesOnceAndKeepsThem() throws SQLException {
    PgAddress address = ServerUnderTest.emptyDatabase();
    assertThat(columns(address)).isEmpty();

    assertThat(Schema.migrate(address)).isEqualTo(2);
    Map<String, Set<String>> after = columns(address);
    assertThat(after.keySet())
        .containsExactlyInAnyOrder(
            "dead_letters",
            "event_archive",
            "events",
            "flyway_schema_history",
            "mismatches",
            "outbox",
            "partition_progress",
            "raw_events",
            "reconciliation_results",
            "reconciliation_versions",
            "statistics",
            "transactions");

    assertThat(Schema.migrate(address)).isZero();
    assertThat(columns(address)).isEqualTo(after);
  }

  @Test
  void viewsAndTablesHaveTheColumnsOfTheContract() throws SQLException {
    Map<String, Set<String>> columns = columns(ServerUnderTest.database());
    assertThat(columns.get("events"))
        .contains(
            "id text",
            "txn_id text",
            "source text",
            "event_type text",
            "status text",
            "amount bigint",
            "raw_payload jsonb",
            "created_at timestamp with time zone");
    assertThat(columns.get("raw_events"))
        .containsExactlyInAnyOrder(
            "topic text",
            "partition integer",
            "first_offset bigint",
            "last_offset bigint",
            "first_recorded_at timestamp with time zone",
            "last_recorded_at timestamp with time zone",
            "records integer",
            "codec text",
            "payload bytea");
    assertThat(columns.get("reconciliation_results"))
        .containsExactlyInAnyOrder(
            "reconciliation text",
            "txn_id text",
            "state text",
            "label text",
            "amount bigint",
            "currency text",
            "mismatch_types ARRAY",
            "gateway_event_id text",
            "bank_event_id text",
            "rule_version integer",
            "last_updated timestamp with time zone");
    assertThat(columns.get("mismatches"))
        .contains(
            "id text",
            "reconciliation text",
            "partition integer",
            "txn_id text",
            "type text",
            "source text",
            "field text",
            "expected text",
            "actual text",
            "delta bigint",
            "tolerance bigint",
            "currency text",
            "rule text",
            "severity text",
            "opened_at timestamp with time zone",
            "closed_at timestamp with time zone",
            "closed_by text");
  }

  @Test
  void aMigrationThatWasChangedAfterItRanIsRefusedInOneLine(@TempDir Path directory)
      throws IOException {
    PgAddress address = ServerUnderTest.database();
    write(directory, "V1__engine.sql", migration("V1__engine.sql").replace("outbox", "out_box"));
    write(directory, "V2__reads.sql", migration("V2__reads.sql"));
    assertThatThrownBy(() -> Schema.migrate(address, "filesystem:" + directory))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("checksum mismatch for migration version 1")
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(1));
  }

  @Test
  void messagesOfTheFirstVersionAreFoundByTheirTransaction(@TempDir Path directory)
      throws IOException, SQLException {
    PgAddress address = ServerUnderTest.emptyDatabase();
    write(directory, "V1__engine.sql", migration("V1__engine.sql"));
    assertThat(Schema.migrate(address, "filesystem:" + directory)).isEqualTo(1);
    try (Connection connection = ServerUnderTest.connect(address);
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into outbox values"
              + " ('settlement', 0, 1, 1, 'AMOUNT', '{\"v\":1,\"txn_id\":\"T\\\"1\"}', now())");
      assertThat(Schema.migrate(address)).isEqualTo(1);
      try (ResultSet rows = statement.executeQuery("select txn_id from outbox")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("T\"1");
      }
    }
  }

  @Test
  void aServerThatIsNotThereIsOneLineWithoutThePassword() {
    PgAddress nowhere = new PgAddress("127.0.0.1", 1, "none", "me", "secret");
    assertThatThrownBy(() -> Schema.migrate(nowhere))
        .isInstanceOf(SchemaException.class)
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(1))
        .startsWith("schema of me@127.0.0.1:1/none: ")
        .doesNotContain("secret");
  }

  private static String migration(String name) throws IOException {
    try (InputStream in = SchemaIT.class.getResourceAsStream("/db/migration/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void write(Path directory, String name, String sql) throws IOException {
    Files.writeString(directory.resolve(name), sql);
  }

  private static Map<String, Set<String>> columns(PgAddress address) throws SQLException {
    Map<String, Set<String>> columns = new TreeMap<>();
    try (Connection connection = ServerUnderTest.connect(address);
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select table_name, column_name, data_type from information_schema.columns"
                    + " where table_schema = 'public'")) {
      while (rows.next()) {
        columns
            .computeIfAbsent(rows.getString(1), name -> new TreeSet<>())
            .add(rows.getString(2) + " " + rows.getString(3));
      }
    }
    return columns;
  }
}
