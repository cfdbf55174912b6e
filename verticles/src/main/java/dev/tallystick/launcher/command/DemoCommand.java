package dev.tallystick.launcher.command;

import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.WrongUsage;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.demo.Demo;
import dev.tallystick.launcher.demo.Fresh;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything in one process: servers, node, and simulated systems that make known mistakes. */
@Command(
    name = "demo",
    description =
        "Runs servers, a node and simulated systems with injected faults, and says which faults"
            + " were detected.",
    mixinStandardHelpOptions = true)
public final class DemoCommand extends Subcommand {

  private static final double RATE_MAX = 100_000;

  @Option(
      names = "--for",
      paramLabel = "60s",
      converter = DurationMs.class,
      description = "How long to inject (500ms, 60s, 5m, 1h); without it until Ctrl-C.")
  private @Nullable Long forMs;

  @Option(names = "--rate", paramLabel = "N", description = "Transactions per second (200).")
  private double rate = 200;

  @Option(
      names = "--faults",
      paramLabel = "SHARE",
      description = "Share of transactions with exactly one fault, 0 to 1 (0.05).")
  private double faults = 0.05;

  @Option(names = "--seed", paramLabel = "N", description = "Of the workload (1).")
  private long seed = 1;

  @Option(
      names = "--drain",
      description = "After --for, wait until everything is judged before counting.")
  private boolean drain;

  @Option(names = "--fresh", description = "Erase the data directory first.")
  private boolean fresh;

  public DemoCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "demo";
  }

  @Override
  protected int run(Session in) throws IOException {
    check();
    Configuration configuration = NodeStart.open(in.configuration());
    NodeStart.checkOpenIngest(configuration);
    if (fresh) {
      if (!configuration.embedded()) {
        throw new WrongUsage("--fresh: the servers are external, and not ours to erase");
      }
      Fresh.erase(in.dataDirectory());
    }
    in.log();
    Session.checkPort(configuration.http());
    NodeStart.Running node = NodeStart.start(in, configuration);
    Demo demo =
        new Demo(
            in,
            node.servers(),
            configuration.reconciliations(),
            new Demo.Settings(
                forMs == null ? Demo.UNTIL_STOPPED : forMs, rate, faults, seed, drain));
    Ready.say(in, node.http());
    return demo.run() ? OK : NO;
  }

  private void check() {
    if (!(rate > 0 && rate <= RATE_MAX)) {
      throw new WrongUsage("--rate: " + rate + " is not above 0 and up to 100000");
    }
    if (!(faults >= 0 && faults <= 1)) {
      throw new WrongUsage("--faults: " + faults + " is not within 0 to 1");
    }
    if (drain && forMs == null) {
      throw new WrongUsage("--drain: needs --for");
    }
  }
}
