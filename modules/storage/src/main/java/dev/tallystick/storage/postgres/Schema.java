package dev.tallystick.storage.postgres;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the database to this version's schema. Blocks; several nodes may start at once. */
public final class Schema {

  private Schema() {}

  /**
   * Runs the migrations that have not run yet; running it again changes nothing.
   *
   * @return number of migrations that ran
   * @throws SchemaException when the server is not there, a migration fails, or one that has run
   *     differs from the one here
   */
  public static int migrate(PgAddress address) {
    return migrate(address, "classpath:db/migration");
  }

  static int migrate(PgAddress address, String location) {
    try {
      return Flyway.configure()
          .dataSource(address.jdbcUrl(), address.user(), address.password())
          .defaultSchema("public")
          .locations(location)
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException e) {
      throw new SchemaException(
          "schema of " + address + ": " + oneLine(String.valueOf(e.getMessage())), e);
    }
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("-{3,};? ?", "");
  }
}
