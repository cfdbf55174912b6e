package dev.tallystick.launcher.command;

import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.config.Configuration;
import picocli.CommandLine.Command;

/** One node by configuration. */
@Command(
    name = "start",
    description = "Runs one node by configuration until it is stopped.",
    mixinStandardHelpOptions = true)
public final class StartCommand extends Subcommand {

  public StartCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "start";
  }

  @Override
  protected int run(Session in) {
    Configuration configuration = in.configuration();
    NodeStart.checkOpenIngest(configuration);
    in.log();
    Session.checkPort(configuration.http());
    String http = NodeStart.start(in, configuration).http();
    Ready.say(in, http);
    in.console().say("  API      " + http + "/docs");
    in.console().say("  health   " + http + "/health/ready");
    in.console().say("  metrics  " + http + "/metrics");
    in.stopping().await();
    in.stopping().close();
    in.console().emit(Console.result("start", true));
    return OK;
  }
}
