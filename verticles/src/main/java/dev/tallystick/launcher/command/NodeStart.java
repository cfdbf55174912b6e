package dev.tallystick.launcher.command;

import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.endpoints.EndpointsFile;
import dev.tallystick.launcher.endpoints.Servers;
import dev.tallystick.launcher.node.Node;
import dev.tallystick.launcher.node.NodeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** From a configuration and its servers to a node's settings. */
final class NodeStart {

  private NodeStart() {}

  /**
   * A node that serves, and what it works with; all of it ends with the session.
   *
   * @param http base address, for this machine
   */
  record Running(Servers servers, String http) {}

  /** Opens the servers, starts a node on them and says in the data directory where it is. */
  static Running start(Session in, Configuration configuration) {
    Servers servers = in.stopping().closing(Servers.open(configuration, in.dataDirectory()));
    Node node = in.stopping().closing(Node.start(settings(configuration, servers)));
    String http = Ready.address(configuration.http(), node);
    in.stopping().closing(new EndpointsFile(in.dataDirectory()).announce(servers, http));
    return new Running(servers, http);
  }

  private static NodeSettings settings(Configuration configuration, Servers servers) {
    return new NodeSettings(
        name(configuration.http().port()),
        servers.kafka(),
        servers.postgres(),
        servers.redisUrl(),
        configuration.definitions(),
        configuration.engine(),
        configuration.http().host(),
        configuration.http().port(),
        configuration.http().openIngest(),
        configuration.scenarios());
  }

  /**
   * For trying out, as far as nobody else can reach it: events without a token, and scenarios.
   *
   * @return the same where the address is no loopback one
   */
  static Configuration open(Configuration configuration) {
    Configuration.Http http = configuration.http();
    if (!http.isLoopback()) {
      return configuration;
    }
    return configuration
        .withHttp(new Configuration.Http(http.host(), http.port(), http.trustedProxies(), true))
        .withScenarios();
  }

  /**
   * Ingestion without a token is for this machine only.
   *
   * @throws SettingException where others could reach it
   */
  static void checkOpenIngest(Configuration configuration) {
    if (configuration.http().openIngest() && !configuration.http().isLoopback()) {
      throw new SettingException(
          "http.open-ingest: true is refused while http.host is %s, which is no loopback address"
              .formatted(configuration.http().host()));
    }
  }

  /** The same again after a restart, as long as the port is a fixed one. */
  private static String name(int port) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "node";
    }
    return host + "-" + (port == 0 ? "pid" + ProcessHandle.current().pid() : port);
  }
}
