package dev.tallystick.launcher.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.config.Configuration;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done with a configuration. */
@Command(
    name = "config",
    description = "Checks the configuration.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "check")
public final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "config: what is to be done? (config check)");
  }

  /** Reads and checks everything that {@code start} would, without a server. */
  @Command(
      name = "check",
      description = "Checks configuration and definitions; starts nothing.",
      mixinStandardHelpOptions = true)
  public static final class Check extends Subcommand {

    public Check(Session session) {
      super(session);
    }

    @Override
    protected String name() {
      return "config check";
    }

    @Override
    protected int run(Session in) {
      Configuration configuration = in.configuration();
      NodeStart.checkOpenIngest(configuration);
      String names =
          configuration.definitions().stream()
              .map(definition -> definition.name() + " version " + definition.version())
              .collect(Collectors.joining(", "));
      in.console().say("ok: " + names + " in " + configuration.reconciliations());
      ObjectNode result = Console.result("config check", true);
      ArrayNode list = result.putArray("reconciliations");
      for (Reconciliation definition : configuration.definitions()) {
        list.addObject().put("name", definition.name()).put("version", definition.version());
      }
      in.console().emit(result);
      return OK;
    }
  }
}
