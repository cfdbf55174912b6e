package dev.tallystick.launcher.command;

import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.endpoints.EndpointsFile;
import dev.tallystick.launcher.endpoints.Servers;
import picocli.CommandLine.Command;

/** The embedded servers only, as a process of their own. */
@Command(
    name = "services",
    description = "Runs the embedded Kafka, PostgreSQL and Redis until it is stopped.",
    mixinStandardHelpOptions = true)
public final class ServicesCommand extends Subcommand {

  public ServicesCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "services";
  }

  @Override
  protected int run(Session in) {
    Configuration configuration = in.configuration();
    in.log();
    Servers servers = in.stopping().closing(Servers.start(configuration, in.dataDirectory()));
    in.stopping().closing(new EndpointsFile(in.dataDirectory()).announce(servers, null));
    Ready.say(in, null);
    in.console().say("  kafka       " + servers.bootstrap());
    in.console().say("  postgresql  " + servers.postgres());
    in.console().say("  redis       " + servers.redisUrl());
    in.stopping().await();
    in.stopping().close();
    in.console().emit(Console.result("services", true));
    return OK;
  }
}
