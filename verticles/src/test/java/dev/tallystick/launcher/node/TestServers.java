package dev.tallystick.launcher.node;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.EmbeddedServices;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The real Kafka, PostgreSQL and Redis that an integration test runs on; which ones, the system
 * property {@value #PROPERTY} says: {@code embedded} (default) or {@code containers}.
 */
interface TestServers extends AutoCloseable {

  String PROPERTY = "test.services";

  Addresses addresses();

  @Override
  void close();

  /**
   * Starts all three and returns when they serve.
   *
   * @param directory for the data of embedded servers
   * @throws IllegalStateException with one line that says what is missing
   */
  static TestServers start(Path directory) {
    return start(System.getProperty(PROPERTY), directory);
  }

  /**
   * @param kind null or empty: embedded
   */
  static TestServers start(@Nullable String kind, Path directory) {
    return switch (kind) {
      case null -> new Embedded(EmbeddedServices.start(directory));
      case "", "embedded" -> new Embedded(EmbeddedServices.start(directory));
      case "containers" -> ContainerServers.start();
      default ->
          throw new IllegalStateException(
              "%s is %s; it may be embedded or containers".formatted(PROPERTY, kind));
    };
  }

  /** Started from Maven artifacts. */
  record Embedded(EmbeddedServices services) implements TestServers {
    @Override
    public Addresses addresses() {
      return services.addresses();
    }

    @Override
    public void close() {
      services.close();
    }
  }
}
