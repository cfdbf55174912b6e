package dev.tallystick.launcher.command;

import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.WrongUsage;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.endpoints.Servers;
import dev.tallystick.simulator.verify.Verifier;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.storage.postgres.PgAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;

/** Recomputes every verdict from the log and compares. */
@Command(
    name = "verify",
    description =
        "Recomputes every verdict from the log with an independent oracle and compares it with"
            + " PostgreSQL.",
    mixinStandardHelpOptions = true)
public final class VerifyCommand extends Subcommand {

  public VerifyCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "verify";
  }

  @Override
  protected int run(Session in) {
    Configuration configuration = in.configuration();
    Servers living = Servers.ofLiving(configuration, in.dataDirectory());
    if (living == null && configuration.embedded()) {
      checkData(in.dataDirectory());
    }
    in.log();
    Servers servers =
        in.stopping()
            .closing(living != null ? living : Servers.open(configuration, in.dataDirectory()));
    PgAddress at = servers.postgres();
    VerifyResult result =
        Verifier.run(servers.jdbcUrl(), at.user(), at.password(), servers.bootstrap());
    in.console().emit(result.toJson("verify"));
    say(in.console(), result);
    return result.ok() ? OK : NO;
  }

  private static void checkData(Path data) {
    if (!Files.isDirectory(data.resolve("postgres")) || !Files.isDirectory(data.resolve("kafka"))) {
      throw new WrongUsage("--data: " + data + " holds no data to verify");
    }
  }

  private static void say(Console console, VerifyResult result) {
    console.say(
        "%,d transactions of %,d records compared: %,d agree, %,d differ"
            .formatted(result.transactions(), result.records(), result.agree(), result.differ()));
    console.say(
        "lost %,d, double %,d, false missing %,d, stale writes %,d, other %,d"
            .formatted(
                result.lost(),
                result.doubled(),
                result.falseMissing(),
                result.staleWrites(),
                result.other()));
    Map<String, Object> first = result.shown();
    if (first != null) {
      console.say("first difference: " + Console.tree(first));
    }
    console.say(result.ok() ? "ok" : "NOT ok");
  }
}
