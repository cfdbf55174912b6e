package dev.tallystick.launcher.node;

import dev.tallystick.embedded.Addresses;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The servers as containers, from the images that {@code docker/images.properties} names. */
final class ContainerServers implements TestServers {

  private static final Path IMAGES = Path.of("../docker/images.properties");
  private static final int REDIS_PORT = 6379;

  private final KafkaContainer kafka;
  private final PostgreSQLContainer postgres;
  private final GenericContainer<?> redis;

  private ContainerServers(
      KafkaContainer kafka, PostgreSQLContainer postgres, GenericContainer<?> redis) {
    this.kafka = kafka;
    this.postgres = postgres;
    this.redis = redis;
  }

  static ContainerServers start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "test.services is containers, and no Docker engine answers; without -Pcontainers the"
              + " tests run on embedded servers");
    }
    ContainerServers servers =
        new ContainerServers(
            new KafkaContainer(image("kafka")),
            new PostgreSQLContainer(image("postgres").asCompatibleSubstituteFor("postgres")),
            new GenericContainer<>(image("redis")).withExposedPorts(REDIS_PORT));
    try {
      Startables.deepStart(servers.kafka, servers.postgres, servers.redis).join();
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
    return servers;
  }

  @Override
  public Addresses addresses() {
    return new Addresses(
        kafka.getBootstrapServers(),
        postgres.getHost(),
        postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        postgres.getDatabaseName(),
        postgres.getUsername(),
        postgres.getPassword(),
        "redis://%s:%d".formatted(redis.getHost(), redis.getMappedPort(REDIS_PORT)));
  }

  @Override
  public void close() {
    redis.stop();
    kafka.stop();
    postgres.stop();
  }

  private static DockerImageName image(String server) {
    Properties images = new Properties();
    try (Reader in = Files.newBufferedReader(IMAGES)) {
      images.load(in);
    } catch (IOException e) {
      throw new IllegalStateException(IMAGES + " cannot be read: " + e.getMessage(), e);
    }
    String name = images.getProperty(server);
    if (name == null) {
      throw new IllegalStateException(IMAGES + " names no image for " + server);
    }
    return DockerImageName.parse(name);
  }
}
