package dev.tallystick.storage.postgres;

import io.vertx.core.Future;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL server for all tests of a run; every test class has its own database. */
public final class ServerUnderTest {

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final int PORT = start();

  private ServerUnderTest() {}

  @SuppressWarnings("resource") // stopped by its shutdown hook, after the last test
  private static int start() {
    try {
      return EmbeddedPostgres.builder()
          .setPort(0)
          .setRegisterShutdownHook(true)
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("unix_socket_directories", "")
          // The library switches it off.
          .setServerConfig("fsync", "on")
          .start()
          .getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A database without any table. */
  public static PgAddress emptyDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    PgAddress server = new PgAddress("127.0.0.1", PORT, "postgres", "postgres", "postgres");
    try (Connection connection = connect(server);
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new PgAddress("127.0.0.1", PORT, name, "postgres", "postgres");
  }

  /** A database with the schema of this version. */
  public static PgAddress database() {
    PgAddress address = emptyDatabase();
    Schema.migrate(address);
    return address;
  }

  public static Connection connect(PgAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  public static <T extends @Nullable Object> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
