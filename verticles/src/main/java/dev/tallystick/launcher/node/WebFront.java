package dev.tallystick.launcher.node;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.launcher.scenario.ScenarioRoutes;
import dev.tallystick.launcher.scenario.Targets;
import dev.tallystick.storage.read.StatsReads;
import dev.tallystick.verticles.api.ApiVerticle;
import dev.tallystick.verticles.bridge.BridgeLimits;
import dev.tallystick.verticles.bridge.BridgeVerticle;
import dev.tallystick.verticles.health.HealthRoutes;
import dev.tallystick.verticles.http.Bodies;
import dev.tallystick.verticles.http.HttpVerticle;
import dev.tallystick.verticles.ingest.EventsRoute;
import dev.tallystick.verticles.ingest.IngestSettings;
import dev.tallystick.verticles.meters.EngineMeters;
import dev.tallystick.verticles.meters.IngestMeters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a node answers over HTTP: the parts, and what each of them needs. */
final class WebFront {

  private final ApiVerticle api;
  private final BridgeVerticle bridge;
  private final EventsRoute events;
  private final @Nullable ScenarioRoutes scenarios;
  private final HttpVerticle http;
  private final NodeSettings settings;

  WebFront(
      Vertx vertx,
      NodeSettings settings,
      Pool reading,
      List<Rulebook> rulebooks,
      HealthRoutes health,
      EngineMeters meters,
      PrometheusMeterRegistry registry) {
    this.settings = settings;
    api = new ApiVerticle(reading, rulebooks);
    bridge =
        new BridgeVerticle(
            new StatsReads(reading)::figures,
            sources(rulebooks),
            meters,
            System::currentTimeMillis,
            System::nanoTime,
            BridgeLimits.DEFAULTS);
    Bodies bodies = new Bodies();
    events =
        new EventsRoute(
            vertx,
            new IngestSettings(
                settings.name(),
                settings.kafka(),
                rulebooks,
                settings.engine().recordMaxBytes(),
                settings.openIngest()),
            new IngestMeters(registry),
            bodies,
            System::currentTimeMillis);
    scenarios =
        settings.scenarios()
            ? new ScenarioRoutes(
                bodies, node -> Targets.runner(node, settings.kafka(), settings.definitions()))
            : null;
    List<Consumer<Router>> mounts = new ArrayList<>();
    mounts.add(bridge::mount);
    mounts.add(health::mount);
    mounts.add(events::mount);
    mounts.add(api::mount);
    if (scenarios != null) {
      mounts.add(scenarios::mount);
    }
    http = new HttpVerticle(settings.httpHost(), settings.httpPort(), mounts);
  }

  /** Reconciliation → sources in the order of the newest definition. */
  private static Map<String, List<String>> sources(List<Rulebook> rulebooks) {
    Map<String, List<String>> sources = new LinkedHashMap<>();
    for (Rulebook rulebook : rulebooks) {
      sources.put(
          rulebook.name(), rulebook.newest().sources().stream().map(SourceRule::name).toList());
    }
    return sources;
  }

  /** In the order in which they are to be deployed; the last one opens the port. */
  List<Deployable> verticles() {
    return List.of(api, bridge, http);
  }

  /** The port is open. */
  void opened() {
    if (scenarios != null) {
      scenarios.open(settings.httpHost(), port());
    }
  }

  /** The port that was opened. */
  int port() {
    return http.actualPort();
  }

  /** What is no verticle; after the verticles have stopped. */
  Future<?> close() {
    if (scenarios != null) {
      scenarios.close();
    }
    return events.close();
  }
}
