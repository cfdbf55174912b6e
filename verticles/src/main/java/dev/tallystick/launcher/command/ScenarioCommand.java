package dev.tallystick.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.WrongUsage;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.endpoints.LivingNode;
import dev.tallystick.launcher.endpoints.Servers;
import dev.tallystick.launcher.scenario.Targets;
import dev.tallystick.simulator.scenario.Classics;
import dev.tallystick.simulator.scenario.Scenario;
import dev.tallystick.simulator.scenario.ScenarioRefused;
import dev.tallystick.simulator.scenario.ScenarioRun;
import dev.tallystick.simulator.scenario.ScenarioRunner;
import dev.tallystick.simulator.scenario.StepResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs one scenario against the node of the data directory, or else against one that is started for
 * it on a free port, and stopped afterwards.
 */
@Command(
    name = "scenario",
    description = "Runs a scenario and prints each step.",
    mixinStandardHelpOptions = true)
public final class ScenarioCommand extends Subcommand {

  private static final String CLASSICS = "classics";
  private static final String LOOPBACK = "127.0.0.1";

  @Parameters(
      index = "0",
      paramLabel = "FILE|classics",
      description = "A scenario in YAML, or JSON if it ends with .json; or the three classics.")
  private String which = "";

  private int steps;

  public ScenarioCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "scenario";
  }

  @Override
  protected int run(Session in) throws InterruptedException {
    Configuration configuration = in.configuration();
    Scenario scenario = which.equals(CLASSICS) ? Classics.all() : read(Path.of(which));
    steps = scenario.steps().size();
    in.log();
    ScenarioRunner runner = in.stopping().closing(runner(in, configuration));
    Console console = in.console();
    ScenarioRun run;
    try {
      run = runner.submit(scenario, step -> tell(console, step)).orElseThrow();
    } catch (ScenarioRefused e) {
      throw wrong(e);
    }
    run.await();
    boolean passed = run.status() == ScenarioRun.Status.PASSED;
    long left = run.steps().stream().filter(ScenarioCommand::isNotDone).count();
    console.say(
        "%s (run %s): %s%s"
            .formatted(
                run.name(), run.id(), run.status(), left == 0 ? "" : ", steps not done: " + left));
    console.emit(
        Console.result(name(), passed)
            .put("id", run.id())
            .put("name", run.name())
            .put("status", run.status().name())
            .set("steps", run.toJson().path("steps")));
    return passed ? OK : NO;
  }

  private static boolean isNotDone(StepResult step) {
    return step.status() == StepResult.Status.PENDING;
  }

  private static Scenario read(Path file) {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new WrongUsage("%s: cannot be read: %s".formatted(file, e));
    }
    try {
      return file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
          ? Scenario.ofJson(text)
          : Scenario.ofYaml(text);
    } catch (ScenarioRefused e) {
      throw new WrongUsage(file + ":" + e.getMessage() + more(e));
    }
  }

  private WrongUsage wrong(ScenarioRefused e) {
    return new WrongUsage(which + ": " + e.getMessage() + more(e));
  }

  private static String more(ScenarioRefused e) {
    int more = e.objections().size() - 1;
    return more == 0 ? "" : " (and %d more)".formatted(more);
  }

  private static ScenarioRunner runner(Session in, Configuration configuration) {
    Servers living = Servers.ofLiving(configuration, in.dataDirectory());
    URI node = LivingNode.find(in.dataDirectory());
    if (living != null && node != null) {
      in.console().say("at " + node);
      return Targets.runner(node, living.kafka(), configuration.definitions());
    }
    Configuration.Http http = configuration.http();
    Configuration own =
        NodeStart.open(
            configuration.withHttp(
                new Configuration.Http(LOOPBACK, 0, http.trustedProxies(), true)));
    in.console().say("starting a node for it");
    NodeStart.Running started = NodeStart.start(in, own);
    in.console().say("at " + started.http());
    return Targets.runner(URI.create(started.http()), started.servers().kafka(), own.definitions());
  }

  private void tell(Console console, StepResult step) {
    ObjectNode line = Console.event("step");
    console.emit(line.setAll(step.toJson()));
    String part = step.part();
    console.say(
        "%3d/%d %-6s %6.1f s  %s%s"
            .formatted(
                step.index() + 1,
                steps,
                step.status(),
                seconds(step.waitedMs()),
                part == null ? "" : part + ": ",
                step.text()));
    String seen = seen(step);
    if (!seen.isEmpty()) {
      console.say("                      " + seen);
    }
  }

  private static double seconds(@Nullable Long ms) {
    return ms == null ? 0 : ms / 1_000.0;
  }

  /** Where the event went, or what was seen; what differs. */
  private static String seen(StepResult step) {
    if (step.reason() != null) {
      return step.reason();
    }
    JsonNode actual = step.actual();
    if (actual == null) {
      return "";
    }
    if (actual.has("topic")) {
      return "→ %s/%d/%d"
          .formatted(
              actual.path("topic").asText(),
              actual.path("partition").asInt(),
              actual.path("offset").asLong());
    }
    String state = actual.path("state").asText();
    String label = actual.path("label").asText();
    JsonNode mismatch = actual.path("mismatch");
    return state
        + (label.equals(state) ? "" : ", " + label)
        + (mismatch.isObject() ? ", " + told(mismatch) : "");
  }

  /** Its type, and what stands in it of what differs. */
  private static String told(JsonNode mismatch) {
    StringJoiner told = new StringJoiner(", ").add(mismatch.path("type").asText());
    for (String name : List.of("source", "expected", "actual", "delta", "closed_by")) {
      if (mismatch.hasNonNull(name)) {
        told.add(name + " " + mismatch.path(name).asText());
      }
    }
    return told.toString();
  }
}
