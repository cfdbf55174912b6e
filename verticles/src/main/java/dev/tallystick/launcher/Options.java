package dev.tallystick.launcher;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes. */
public final class Options {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration that overrides config/tallystick.yaml.")
  @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory: all state and logs (default: ./.tallystick).")
  Path data = Path.of(".tallystick");

  @Option(names = "--port", paramLabel = "N", description = "HTTP port; 0: a free one.")
  @Nullable Integer port;

  @Option(names = "--json", description = "JSON lines on stdout; the last one is the result.")
  boolean json;

  Options() {}
}
