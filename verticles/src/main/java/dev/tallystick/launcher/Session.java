package dev.tallystick.launcher;

import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.config.ConfigurationReader;
import dev.tallystick.launcher.config.Home;
import dev.tallystick.launcher.node.StartFailure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run of the program has: its console, its directory, its log, and its end. */
public final class Session {

  private static final int PORT_MAX = 65_535;

  private final Console console;
  private final Stopping stopping;
  private final Map<String, String> environment;
  private Options options = new Options();
  private String command = "";
  private @Nullable Path log;

  Session(Console console, Stopping stopping, Map<String, String> environment) {
    this.console = console;
    this.stopping = stopping;
    this.environment = environment;
  }

  /** The command line was read. */
  void begin(String name, Options given) {
    command = name;
    options = given;
    Integer port = given.port;
    if (port != null && (port < 0 || port > PORT_MAX)) {
      throw new WrongUsage("--port: " + port + " is not within 0 to " + PORT_MAX);
    }
  }

  public Console console() {
    return console;
  }

  public Stopping stopping() {
    return stopping;
  }

  /** All state of this run; absolute. */
  public Path dataDirectory() {
    return options.data.toAbsolutePath().normalize();
  }

  String command() {
    return command;
  }

  /** The log, opened at the first call. Commands that run side by side have one each. */
  public Path log() {
    Path file = log;
    if (file == null) {
      boolean node = command.isEmpty() || command.equals("demo") || command.equals("start");
      String name = node ? "tallystick" : command.replace(' ', '-');
      file = dataDirectory().resolve("logs").resolve(name + ".log");
      try {
        LogFile.open(file);
      } catch (IOException e) {
        throw new StartFailure(
            StartFailure.CONFIGURATION,
            "--data: %s: the log cannot be written: %s".formatted(options.data, e),
            e);
      }
      log = file;
    }
    return file;
  }

  /**
   * The configuration of this run, with {@code --port} over it.
   *
   * @throws SettingException one line about what is wrong
   */
  public Configuration configuration() {
    Configuration read =
        ConfigurationReader.read(Home.find(environment), options.config, environment);
    Integer port = options.port;
    Configuration.Http http = read.http();
    return port == null
        ? read
        : read.withHttp(
            new Configuration.Http(http.host(), port, http.trustedProxies(), http.openIngest()));
  }

  /**
   * Finds a taken port before servers are started for nothing.
   *
   * @throws StartFailure 78
   */
  public static void checkPort(Configuration.Http http) {
    if (http.port() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(http.host()), http.port()));
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.CONFIGURATION,
          "http.port: %d: cannot be opened on %s: %s"
              .formatted(http.port(), http.host(), e.getMessage()),
          e);
    }
  }

  /** Seconds since this process began, with one decimal. */
  public static double seconds() {
    long ms = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    return Math.round(ms / 100.0) / 10.0;
  }
}
