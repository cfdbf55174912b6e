package dev.tallystick.launcher.demo;

import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Stopping;
import dev.tallystick.launcher.endpoints.Servers;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.DefinitionFile;
import dev.tallystick.simulator.verify.Score;
import dev.tallystick.simulator.verify.Scoreboard;
import dev.tallystick.simulator.verify.Verifier;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import dev.tallystick.storage.postgres.PgAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Simulated systems against a running node, and the count of what was found. */
public final class Demo {

  /** No {@code --for}. */
  public static final long UNTIL_STOPPED = Long.MAX_VALUE;

  /** Directory of the truth within the data directory. */
  static final String TRUTH = "simulator";

  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final long PROGRESS_EVERY_MS = 10_000;
  private static final long DRAIN_LOOK_MS = 500;

  /** Late events come up to 8 s after their deadline; the rest is for a machine that is busy. */
  private static final long DRAIN_BEYOND_SLA_MS = 90_000;

  /**
   * What the command line says.
   *
   * @param forMs how long to inject, milliseconds, or {@link #UNTIL_STOPPED}
   * @param rate transactions per second
   * @param faults share of transactions with a fault, 0 to 1
   * @param drain wait until everything is judged
   */
  public record Settings(long forMs, double rate, double faults, long seed, boolean drain) {}

  private final Session session;
  private final Servers servers;
  private final Settings settings;
  private final List<Definition> definitions;
  private final Simulation simulation;
  private final Scoreboard scoreboard;
  private final Stored stored;
  private final Report report;

  private long beginNs;
  private long shownMs;
  private long shownEvents;

  /**
   * Opens the truth; what an earlier run left unfinished is scheduled.
   *
   * @param reconciliations directory of the definitions
   */
  public Demo(Session session, Servers servers, Path reconciliations, Settings settings)
      throws IOException {
    this.session = session;
    this.servers = servers;
    this.settings = settings;
    this.definitions = DefinitionFile.readAll(reconciliations);
    Path truth = session.dataDirectory().resolve(TRUTH);
    Stopping stopping = session.stopping();
    this.stored = stopping.closing(new Stored(servers));
    this.simulation =
        stopping.closing(
            Simulation.onKafka(
                new Workload(definitions, settings.seed(), settings.faults()),
                servers.bootstrap(),
                truth,
                settings.rate()));
    this.scoreboard = new Scoreboard(truth, definitions);
    this.report = new Report(session.console(), settings.forMs() == UNTIL_STOPPED);
  }

  /**
   * Injects, drains, counts, verifies.
   *
   * @return whether every fault was found, nothing else was, and the oracle agrees
   */
  public boolean run() {
    beginNs = System.nanoTime();
    shownEvents = stored.events();
    simulation.start();
    boolean stopped = watch(settings.forMs());
    simulation.stopInjecting();
    String missing = stopped || !settings.drain() ? null : drain();
    if (session.stopping().isAsked()) {
      Score score = count(false);
      boolean ok = score.ok();
      report.result(ok, settings.seed(), stored.events(), stored.redeliveries(), score, null);
      return ok;
    }
    if (missing != null) {
      session.console().complain("not drained: " + missing);
    }
    Score score = count(settings.drain());
    VerifyResult verified = verify();
    boolean drained = !settings.drain() || (missing == null && score.pending() == 0);
    boolean ok = score.ok() && drained && verified.ok();
    report.result(ok, settings.seed(), stored.events(), stored.redeliveries(), score, verified);
    return ok;
  }

  /**
   * Shows progress until that much time has passed since the beginning.
   *
   * @return whether a signal came
   */
  private boolean watch(long untilMs) {
    while (true) {
      long elapsedMs = elapsedMs();
      if (elapsedMs >= untilMs) {
        return false;
      }
      if (simulation.drained().isCompletedExceptionally()) {
        simulation.drained().join(); // it broke: say so with its own words
      }
      long nextMs = Math.min(untilMs, shownMs + PROGRESS_EVERY_MS);
      if (session.stopping().await(nextMs - elapsedMs)) {
        return true;
      }
      showIfDue();
    }
  }

  private void showIfDue() {
    long elapsedMs = elapsedMs();
    if (elapsedMs < shownMs + PROGRESS_EVERY_MS) {
      return;
    }
    try {
      Score score = count(false);
      long events = stored.events();
      long rate = (events - shownEvents) * 1_000 / Math.max(1, elapsedMs - shownMs);
      report.progress(TimeUnit.MILLISECONDS.toSeconds(elapsedMs), rate, score);
      shownEvents = events;
    } catch (IllegalStateException e) {
      LOG.warn("no progress to show: {}", e.getMessage()); // the database is away; it will be back
    }
    shownMs = elapsedMs - elapsedMs % PROGRESS_EVERY_MS;
  }

  /** What is still missing when the patience ends; null: nothing, or a signal came. */
  private @Nullable String drain() {
    long slaMaxMs =
        definitions.stream()
            .flatMap(definition -> definition.sources().stream())
            .mapToLong(Definition.Source::slaMs)
            .max()
            .orElse(0);
    int partitions = definitions.stream().mapToInt(Definition::partitions).sum();
    long untilMs = elapsedMs() + slaMaxMs + DRAIN_BEYOND_SLA_MS;
    try (LogEnds logEnds = new LogEnds(servers)) {
      Drain drain = new Drain(simulation, stored, logEnds, partitions);
      String missing;
      do {
        missing = look(drain);
        if (missing == null || session.stopping().await(DRAIN_LOOK_MS)) {
          return null;
        }
        showIfDue();
      } while (elapsedMs() < untilMs);
      return missing;
    }
  }

  private static @Nullable String look(Drain drain) {
    try {
      return drain.missing();
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Score count(boolean everythingIsDue) {
    return stored.ask(
        connection ->
            everythingIsDue
                ? scoreboard.finish(connection)
                : scoreboard.progress(connection, System.currentTimeMillis()));
  }

  private VerifyResult verify() {
    PgAddress at = servers.postgres();
    return Verifier.run(servers.jdbcUrl(), at.user(), at.password(), servers.bootstrap());
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
  }
}
