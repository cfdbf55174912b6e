package dev.tallystick.storage.postgres;

/**
 * Where the database is, and as whom.
 *
 * @param port 1 to 65535
 */
public record PgAddress(String host, int port, String database, String user, String password) {

  /** The form for messages: without the password. */
  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }

  String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }
}
