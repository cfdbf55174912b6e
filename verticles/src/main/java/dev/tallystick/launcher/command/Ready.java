package dev.tallystick.launcher.command;

import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.node.Node;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The line that says that everything is there. */
final class Ready {

  private Ready() {}

  /** Base address of a node, for this machine. */
  static String address(Configuration.Http http, Node node) {
    boolean local = http.isLoopback() || http.host().equals("0.0.0.0") || http.host().equals("::");
    return "http://" + (local ? "localhost" : http.host()) + ":" + node.httpPort();
  }

  /**
   * @param http base address; null: there is no node
   */
  static void say(Session in, @Nullable String http) {
    double seconds = Session.seconds();
    in.console()
        .say(
            String.format(
                Locale.ROOT,
                "Ready%s after %.1f s. Ctrl-C stops it. Data and logs: %s",
                http == null ? "" : " at " + http + "/ui/",
                seconds,
                in.dataDirectory()));
    in.console()
        .emit(
            Console.event("ready")
                .put("http", http)
                .put("dashboard", http == null ? null : http + "/ui/")
                .put("seconds", seconds));
  }
}
