package dev.tallystick.launcher.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.core.wire.TimeText;
import dev.tallystick.simulator.scenario.Classics;
import dev.tallystick.simulator.scenario.Objection;
import dev.tallystick.simulator.scenario.Scenario;
import dev.tallystick.simulator.scenario.ScenarioRefused;
import dev.tallystick.simulator.scenario.ScenarioRun;
import dev.tallystick.simulator.scenario.ScenarioRunner;
import dev.tallystick.verticles.http.Bodies;
import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /test/scenarios} (contracts, section 7): mounted only where {@code test.scenarios} is
 * true, so that elsewhere nothing is at these paths. The runner speaks to its own node over HTTP as
 * everybody else does; it is made when the port is known, and until then nothing can be run.
 */
public final class ScenarioRoutes implements AutoCloseable {

  private static final String PATH = "/test/scenarios";
  private static final String JSON = "application/json";
  private static final int RETRY_AFTER_SECONDS = 5;

  private static final Set<String> YAML =
      Set.of("application/yaml", "application/x-yaml", "text/yaml");

  private final Bodies bodies;
  private final Function<URI, ScenarioRunner> runners;
  private volatile @Nullable ScenarioRunner runner;

  /**
   * @param bodies of the node
   * @param runners makes the runner for the node at that address
   */
  public ScenarioRoutes(Bodies bodies, Function<URI, ScenarioRunner> runners) {
    this.bodies = bodies;
    this.runners = runners;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    bodies.read(router.post(PATH).handler(ScenarioRoutes::admit)).handler(this::start);
    router
        .post(PATH + "/classics")
        .handler(request -> answer(request, () -> started(Classics.all())));
    router.get(PATH).handler(this::list);
    router.get(PATH + "/:id").handler(this::one);
  }

  /**
   * The node can be reached.
   *
   * @param host it listens on
   */
  public void open(String host, int port) {
    runner = runners.apply(URI.create("http://" + reachable(host) + ":" + port));
  }

  /** An address of this machine that leads to a listener on {@code host}. */
  private static String reachable(String host) {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return host; // it could be listened on, so it is known a moment later
    }
    String text =
        (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address).getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  @Override
  public void close() {
    ScenarioRunner open = runner;
    if (open != null) {
      open.close();
    }
  }

  /** Before the body is read. */
  private static void admit(RoutingContext request) {
    if (isJson(request) || isYaml(request)) {
      request.next();
    } else {
      request.fail(
          new Refusal(
              Problem.of(
                  415,
                  "UNSUPPORTED_MEDIA_TYPE",
                  "A scenario is application/json or application/yaml.")));
    }
  }

  private static boolean isJson(RoutingContext request) {
    return type(request).equals(JSON);
  }

  private static boolean isYaml(RoutingContext request) {
    return YAML.contains(type(request));
  }

  /** Without parameters; JSON when nothing is said. */
  private static String type(RoutingContext request) {
    String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? JSON : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private void start(RoutingContext request) {
    Buffer body = request.body().buffer();
    byte[] text = body == null ? new byte[0] : body.getBytes();
    boolean yaml = isYaml(request);
    answer(request, () -> started(yaml ? Scenario.ofYaml(text) : Scenario.ofJson(text)));
  }

  private Reply started(Scenario scenario) throws ScenarioRefused {
    ScenarioRunner open = runner;
    ScenarioRun run = open == null ? null : open.submit(scenario).orElse(null);
    if (run == null) {
      throw new Refusal(
          Problem.of(
                  503,
                  "TOO_MANY_SCENARIOS",
                  "%d scenarios are running already.".formatted(ScenarioRunner.RUNNING_MAX))
              .retryAfter(RETRY_AFTER_SECONDS));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", run.id()).put("status", ScenarioRun.Status.RUNNING.name());
    return new Reply(202, PATH + "/" + run.id(), body.toString());
  }

  private void list(RoutingContext request) {
    for (String name : request.queryParams().names()) {
      request.fail(
          new Refusal(
              Problem.of(400, "BAD_PARAMETER", "The list of scenarios takes no parameters.")
                  .error("?" + name, request.queryParams().get(name), "is unknown here")));
      return;
    }
    answer(
        request,
        () -> {
          ObjectNode body = JsonNodeFactory.instance.objectNode();
          ArrayNode items = body.putArray("items");
          ScenarioRunner open = runner;
          if (open != null) {
            open.runs().forEach(run -> items.add(run.summary()));
          }
          body.putNull("next").put("as_of", TimeText.of(System.currentTimeMillis()));
          return new Reply(200, null, body.toString());
        });
  }

  private void one(RoutingContext request) {
    String id = request.pathParam("id");
    ScenarioRunner open = runner;
    ScenarioRun run = open == null || id == null ? null : open.find(id).orElse(null);
    if (run == null) {
      request.fail(
          new Refusal(
              Problem.of(
                  404, "NOT_FOUND", "There is no run of that id; the newest 100 are kept.")));
      return;
    }
    answer(request, () -> new Reply(200, null, run.toJson().toString()));
  }

  private record Reply(int status, @Nullable String location, String body) {}

  /** Texts of several megabytes are read and written here: not on the event loop. */
  private static void answer(RoutingContext request, Callable<Reply> work) {
    Future<?> working =
        request
            .vertx()
            .executeBlocking(work, false)
            .onSuccess(
                reply -> {
                  HttpServerResponse response = request.response().setStatusCode(reply.status());
                  response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
                  response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                  if (reply.location() != null) {
                    response.putHeader(HttpHeaders.LOCATION, reply.location());
                  }
                  response.end(reply.body());
                })
            .onFailure(
                failure ->
                    request.fail(
                        failure instanceof ScenarioRefused refused
                            ? new Refusal(problem(refused))
                            : failure));
    Bodies.until(request, working);
  }

  private static Problem problem(ScenarioRefused refused) {
    Problem problem =
        refused.isReadable()
            ? Problem.of(422, "INVALID_SCENARIO", "The scenario cannot be run.")
            : Problem.of(400, "NOT_READABLE", "The body is not readable as a scenario.");
    for (Objection each : refused.objections()) {
      String place = each.place().isEmpty() ? "" : " (at " + each.place() + ")";
      @Nullable String value = each.value().isEmpty() ? null : each.value();
      problem.error(each.pointer(), value, each.reason() + place);
    }
    return problem;
  }
}
