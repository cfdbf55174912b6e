package dev.tallystick.simulator.scenario;

import dev.tallystick.simulator.scenario.Scenario.PartStep;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The scenarios that come with the program, in {@code resources/scenarios}. */
public final class Classics {

  /** The three that {@code classics} runs, in this order. */
  public static final List<String> NAMES = List.of("match", "bank-missing", "amount");

  /** A step that may take longer than this waits until the others are through, milliseconds. */
  private static final long LONG_MS = 30_000;

  private Classics() {}

  /**
   * The three as one, so that their waiting overlaps: first every scenario up to its first long
   * step, then the rest of each, in the same order. They are about different transactions.
   */
  public static Scenario all() {
    List<PartStep> first = new ArrayList<>();
    List<PartStep> rest = new ArrayList<>();
    String reconciliation = "";
    for (String name : NAMES) {
      Scenario scenario = read(name);
      reconciliation = scenario.reconciliation();
      boolean later = false;
      for (PartStep each : scenario.steps()) {
        later |= isLong(each.step());
        (later ? rest : first).add(each);
      }
    }
    first.addAll(rest);
    return new Scenario("classics", reconciliation, first);
  }

  private static boolean isLong(Step step) {
    return switch (step) {
      case Step.Wait wait -> wait.ms() > LONG_MS;
      case Step.Expect expect -> expect.withinMs() > LONG_MS;
      case Step.Send _, Step.SendRaw _ -> false;
    };
  }

  /** One of the files, by name without ending. */
  static Scenario read(String name) {
    String path = "/scenarios/" + name + ".yaml";
    try (InputStream file = Classics.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new FileNotFoundException(path);
      }
      return Scenario.ofYaml(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    } catch (ScenarioRefused e) {
      throw new IllegalStateException(path + ": " + e.getMessage(), e);
    }
  }
}
