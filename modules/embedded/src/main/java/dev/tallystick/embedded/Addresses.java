package dev.tallystick.embedded;

/**
 * Where the embedded servers are.
 *
 * @param kafkaBootstrap {@code host:port}, not behind any proxy
 * @param redisUrl {@code redis://host:port}
 */
public record Addresses(
    String kafkaBootstrap,
    String postgresHost,
    int postgresPort,
    String database,
    String user,
    String password,
    String redisUrl) {

  /** For logs: without the password. */
  @Override
  public String toString() {
    return "kafka "
        + kafkaBootstrap
        + ", postgresql "
        + user
        + "@"
        + postgresHost
        + ":"
        + postgresPort
        + "/"
        + database
        + ", "
        + redisUrl;
  }
}
