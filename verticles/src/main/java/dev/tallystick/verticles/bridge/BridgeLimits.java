package dev.tallystick.verticles.bridge;

/**
 * What browsers may take of a node.
 *
 * @param socketsMax open sockets; beyond, the upgrade is answered with 503
 * @param handlersMax subscriptions of one socket
 * @param refusalsMax refused messages of one socket before it is cut off
 * @param fullMaxMs between two looks at the sockets: a write queue that is full at both is cut off
 * @param heartbeatMs between the heartbeats to a socket
 * @param silentMaxMs a socket that sends no ping for so long is closed; the client pings every 5 s,
 *     in a tab that nobody looks at once a minute
 */
public record BridgeLimits(
    int socketsMax,
    int handlersMax,
    int refusalsMax,
    long fullMaxMs,
    long heartbeatMs,
    long silentMaxMs) {

  public static final BridgeLimits DEFAULTS =
      new BridgeLimits(1_000, 16, 100, 10_000, 10_000, 120_000);
}
