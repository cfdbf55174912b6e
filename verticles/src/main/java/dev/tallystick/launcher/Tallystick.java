package dev.tallystick.launcher;

import dev.tallystick.embedded.EmbeddedUnavailable;
import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.launcher.command.ConfigCommand;
import dev.tallystick.launcher.command.DemoCommand;
import dev.tallystick.launcher.command.ScenarioCommand;
import dev.tallystick.launcher.command.SendCommand;
import dev.tallystick.launcher.command.ServicesCommand;
import dev.tallystick.launcher.command.StartCommand;
import dev.tallystick.launcher.command.VerifyCommand;
import dev.tallystick.launcher.node.StartFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program (contracts, section 1). */
@Command(
    name = "tallystick",
    description = "Reconciles money while it moves.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Tallystick.Version.class)
public final class Tallystick implements Callable<Integer> {

  static final int USAGE = 2;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli replaces it

  /** From the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tallystick.class.getPackage().getImplementationVersion();
      return new String[] {"tallystick " + (version == null ? "(not packaged)" : version)};
    }
  }

  private final Session session;

  private Tallystick(Session session) {
    this.session = session;
  }

  /** Without a command there is nothing to do. */
  @Override
  public Integer call() {
    session.console().hint(spec.commandLine().getUsageMessage(Ansi.OFF));
    return USAGE;
  }

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    LogFile.none();
    Stopping stopping = new Stopping();
    stopping.listen();
    int code = run(args, console, stopping, System.getenv());
    stopping.ended();
    // Servers and clients leave threads that are not daemons. After a signal this call never comes
    // back: the JVM ends with the signal's code.
    System.exit(code);
  }

  /** Runs a command and closes what it opened. */
  static int run(
      String[] args, Console console, Stopping stopping, Map<String, String> environment) {
    if (Arrays.asList(args).contains("--json")) {
      console.useJson();
    }
    Session session = new Session(console, stopping, environment);
    try {
      return commandLine(session).execute(args);
    } finally {
      stopping.close();
    }
  }

  private static CommandLine commandLine(Session session) {
    CommandLine line = new CommandLine(new Tallystick(session));
    line.addSubcommand(new DemoCommand(session));
    line.addSubcommand(new StartCommand(session));
    line.addSubcommand(new ServicesCommand(session));
    line.addSubcommand(new SendCommand(session));
    line.addSubcommand(new ScenarioCommand(session));
    line.addSubcommand(new VerifyCommand(session));
    CommandLine config = new CommandLine(new ConfigCommand());
    config.addSubcommand(new ConfigCommand.Check(session));
    line.addSubcommand(config);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setOut(new PrintWriter(session.console().out(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (wrong, args) -> {
          wrongUsage(session, wrong.getCommandLine(), String.valueOf(wrong.getMessage()));
          return USAGE;
        });
    line.setExecutionExceptionHandler((e, at, parsed) -> failed(session, at, e));
    return line;
  }

  private static void wrongUsage(Session session, CommandLine at, String message) {
    String name = at.getCommandSpec().qualifiedName();
    session.console().failed(name.replaceFirst("^tallystick ?", ""), USAGE, message);
    session.console().hint("Try './%s --help'.".formatted(name));
  }

  private static int failed(Session session, CommandLine at, Exception e) {
    if (session.stopping().isAsked()) {
      // What was under way was interrupted: no failure, and the exit code is the signal's.
      LoggerFactory.getLogger(Tallystick.class).info("stopped while busy: {}", e.toString());
      session.console().stopped(session.command());
      return Subcommand.NO;
    }
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case WrongUsage _ -> {
        wrongUsage(session, at, message);
        yield USAGE;
      }
      case SettingException _ -> ended(session, StartFailure.CONFIGURATION, message, e);
      case EmbeddedUnavailable _ -> ended(session, StartFailure.UNAVAILABLE, message, e);
      case StartFailure failure -> ended(session, failure.exitCode(), message, e);
      default -> bug(session, e);
    };
  }

  private static int ended(Session session, int code, String line, Exception e) {
    LoggerFactory.getLogger(Tallystick.class).error("{}", line, e);
    session.console().failed(session.command(), code, line);
    return code;
  }

  private static int bug(Session session, Exception e) {
    String where;
    try {
      where = session.log().toString();
      LoggerFactory.getLogger(Tallystick.class).error("{} failed", session.command(), e);
    } catch (StartFailure noLog) {
      where = "nowhere: " + noLog.getMessage();
    }
    session
        .console()
        .failed(
            session.command(),
            StartFailure.SOFTWARE,
            "unexpected %s; the details are in %s".formatted(e.getClass().getSimpleName(), where));
    return StartFailure.SOFTWARE;
  }
}
