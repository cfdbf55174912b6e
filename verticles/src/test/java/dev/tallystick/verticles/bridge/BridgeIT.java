package dev.tallystick.verticles.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.NodeClient;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.verticles.http.HttpVerticle;
import dev.tallystick.verticles.meters.EngineMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bridge as a browser meets it: the real client library, over a real socket. */
class BridgeIT {

  private static final int SOCKETS_MAX = 3;
  private static final int HANDLERS_MAX = 4;
  private static final int REFUSALS_MAX = 5;
  private static final long FULL_MAX_MS = 300;
  private static final String SOCKET = "/eventbus/000/abcdefgh/websocket";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<NodeClient> clients = new ArrayList<>();
  private final BridgeVerticle bridge =
      new BridgeVerticle(
          () -> {
            asked.incrementAndGet();
            return Future.succeededFuture(List.of());
          },
          Map.of(),
          new EngineMeters(registry, System::currentTimeMillis),
          System::currentTimeMillis,
          System::nanoTime,
          new BridgeLimits(SOCKETS_MAX, HANDLERS_MAX, REFUSALS_MAX, FULL_MAX_MS, 10_000, 20_000));
  private final HttpVerticle server = new HttpVerticle("localhost", 0, List.of(bridge::mount));

  @BeforeEach
  void start() throws Exception {
    get(vertx.deployVerticle(bridge));
    get(vertx.deployVerticle(server));
  }

  @AfterEach
  void stop() throws Exception {
    clients.forEach(NodeClient::close);
    get(vertx.close());
  }

  @Test
  void aSubscriberHearsTheNews() {
    NodeClient amounts = client("mismatches.amount");
    NodeClient all = client("mismatches");
    news(1, "AMOUNT");
    news(2, "MISSING");
    news(3, "AMOUNT");
    await().until(() -> all.bodies("mismatches").size() == 3);
    await().until(() -> amounts.bodies("mismatches.amount").size() == 2);
    assertThat(all.bodies("mismatches"))
        .extracting(body -> body.getInteger("seq"))
        .containsExactly(1, 2, 3);
    assertThat(amounts.bodies("mismatches.amount"))
        .extracting(body -> body.getString("text"))
        .containsExactly("\"ä\" 1", "\"ä\" 3");
  }

  @Test
  void aBrowserMaySendNothing() {
    List<Object> heard = new ArrayList<>();
    for (String address : List.of("mismatches", Addresses.NEWS_MISMATCHES, "persistence.commit")) {
      vertx.eventBus().consumer(address, message -> heard.add(message.body()));
    }
    NodeClient client = client();
    client.say("send mismatches").say("publish mismatches").say("publish news.mismatches");
    client.say("send persistence.commit");
    await().until(() -> client.lines("err").size() == 4);
    assertThat(client.lines("err"))
        .extracting(line -> line.getString("body"))
        .containsOnly("rejected");
    assertThat(heard).isEmpty();
  }

  @Test
  void aBrowserHearsNothingOutsideTheList() {
    NodeClient client = client();
    List<String> foreign =
        List.of("persistence.commit", "news.mismatches", "mismatches.other", "MISMATCHES");
    foreign.forEach(address -> client.say("register " + address));
    await().until(() -> client.lines("err").size() == foreign.size());
    foreign.stream()
        .filter(address -> !address.equals("news.mismatches")) // the bridge hears that one itself
        .forEach(address -> vertx.eventBus().publish(address, "{}", Messages.LOCAL));
    news(1, "AMOUNT");
    client.say("register transactions");
    awaitHeard(client, "transactions");
    assertThat(client.lines("probe"))
        .extracting(line -> line.getString("address"))
        .containsOnly("transactions");
  }

  @Test
  void eachAddressOfTheListCanBeHeard() {
    List<String> addresses = Addresses.BROWSER;
    for (int i = 0; i < addresses.size(); i += HANDLERS_MAX) {
      try (NodeClient client = client()) {
        for (String address : addresses.subList(i, Math.min(addresses.size(), i + HANDLERS_MAX))) {
          client.say("register " + address);
          awaitHeard(client, address);
        }
      }
      await().until(() -> sockets() == 0);
    }
  }

  @Test
  void aSocketHasSoManySubscriptionsAndNoMore() {
    NodeClient client =
        client("mismatches", "transactions", "mismatches.amount", "mismatches.missing");
    client.say("register alerts");
    await().until(() -> !client.lines("err").isEmpty());
    assertThat(client.lines("err").getFirst().getString("body")).isEqualTo("max_handlers_reached");
  }

  @Test
  void whoGoesOnAskingForWhatIsRefusedIsCutOff() {
    NodeClient client = client();
    for (int i = 0; i <= REFUSALS_MAX; i++) {
      client.say("raw {\"type\":\"register\",\"address\":\"secret\"}");
    }
    await().until(() -> client.lines("close").size() == 1);
    await().until(() -> sockets() == 0);
  }

  @Test
  void aPageOfAnotherHostIsRefusedBeforeTheUpgrade() throws Exception {
    String own = "localhost:" + server.actualPort();
    for (String origin : List.of("http://evil.example", "null", "http://" + own + ".evil", "")) {
      assertThat(upgrade(origin)).as("origin %s", origin).isEqualTo(403);
    }
    assertThat(upgrade("http://localhost:1")).isEqualTo(403);
    assertThat(upgrade("http://" + own)).isEqualTo(101);
    assertThat(status("GET", "/eventbus/info", "http://evil.example")).isEqualTo(403);
    assertThat(status("GET", "/eventbus/info", "http://" + own)).isEqualTo(200);
    assertThat(status("GET", "/eventbus/info", null)).isEqualTo(200);
  }

  @Test
  void thereIsNoOtherTransport() throws Exception {
    for (String path :
        List.of("xhr", "xhr_streaming", "xhr_send", "jsonp_send", "eventsource", "htmlfile")) {
      String at = "/eventbus/000/abcdefgh/" + path;
      assertThat(status("POST", at, null)).as(at).isEqualTo(404);
      assertThat(status("GET", at, null)).as(at).isEqualTo(404);
    }
    for (String at : List.of("/eventbus/websocket", "/eventbus/iframe.html", "/eventbus/")) {
      assertThat(status("GET", at, null)).as(at).isEqualTo(404);
    }
  }

  @Test
  void aNodeHasSoManySocketsAndNoMore() throws Exception {
    for (int i = 0; i < SOCKETS_MAX; i++) {
      client("alerts");
    }
    assertThat(sockets()).isEqualTo(SOCKETS_MAX);
    assertThat(upgrade(null)).isEqualTo(503);
    clients.removeLast().close();
    await().until(() -> sockets() == SOCKETS_MAX - 1);
    assertThat(upgrade(null)).isEqualTo(101);
  }

  @Test
  void aMessageThatIsTooLongEndsTheSocket() throws Exception {
    WebSocket socket = connect(null);
    var closed = new CompletableFuture<Void>();
    socket.closeHandler(closed::complete);
    get(socket.writeTextMessage("[\"" + "x".repeat(10_000) + "\"]"));
    closed.get(20, TimeUnit.SECONDS);
    await().until(() -> sockets() == 0);
  }

  @Test
  void aBurstIsToldInOneMessageAndNothingOvertakes() {
    NodeClient all = client("mismatches");
    NodeClient amounts = client("mismatches.amount");
    for (int seq = 1; seq <= 500; seq++) {
      news(seq, seq % 100 == 0 ? "AMOUNT" : "MISSING");
    }
    await().until(() -> covered(all.bodies("mismatches")) == 500);
    assertThat(all.bodies("mismatches").stream().filter(body -> body.containsKey("conflated")))
        .isNotEmpty();
    assertThat(amounts.bodies("mismatches.amount"))
        .as("five are not many, whatever else there is")
        .extracting(body -> body.getInteger("seq"))
        .containsExactly(100, 200, 300, 400, 500);
  }

  @Test
  void transactionsAreGathered() {
    NodeClient client = client("transactions");
    for (int i = 0; i < 200; i++) {
      vertx
          .eventBus()
          .publish(
              Addresses.NEWS_TRANSACTIONS,
              new JsonObject()
                  .put("reconciliation", "settlement")
                  .put("partition", 0)
                  .put("written", 2)
                  .put("items", new JsonArray().add(new JsonObject().put("txn_id", "T" + i))));
    }
    await()
        .until(
            () ->
                client.bodies("transactions").stream()
                        .mapToInt(body -> body.getInteger("conflated"))
                        .sum()
                    == 400);
    List<JsonObject> bodies = client.bodies("transactions");
    assertThat(bodies).hasSizeLessThan(20);
    JsonArray items = bodies.getLast().getJsonArray("items");
    assertThat(items.size()).isLessThanOrEqualTo(50);
    assertThat(items.getJsonObject(0).getString("txn_id")).isEqualTo("T199");
  }

  @Test
  void figuresAreAskedForWhileSomebodyListens() {
    assertThat(asked.get()).isZero();
    NodeClient client = client("kpi");
    await().until(() -> client.bodies("kpi").size() >= 2);
    client.close();
    await().until(() -> sockets() == 0);
    int before = asked.get();
    await()
        .during(Duration.ofMillis(3 * KpiPace.EVERY_MS))
        .atMost(Duration.ofSeconds(10))
        .until(() -> asked.get() <= before + 1);
  }

  @Test
  void aBrowserThatDoesNotReadIsCutOffAndTheOthersGoOn() {
    NodeClient slow = client("alerts");
    NodeClient quick = client("alerts");
    slow.say("pause");
    await().until(() -> slow.lines("paused").size() == 1);
    String big = "\"" + "x".repeat(100_000) + "\"";
    AtomicInteger sent = new AtomicInteger();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              if (quick.lines("rec").size() == sent.get()) {
                vertx.eventBus().publish(Addresses.ALERTS, big, Messages.LOCAL);
                sent.incrementAndGet();
              }
              return dropped() > 0 && sockets() == 1;
            });
    await().until(() -> quick.lines("rec").size() == sent.get());
    assertThat(slow.lines("rec")).isEmpty();
  }

  private NodeClient client(String... addresses) {
    NodeClient client = NodeClient.open("http://localhost:" + server.actualPort() + "/eventbus");
    clients.add(client);
    await().until(() -> client.lines("open").size() == 1);
    for (String address : addresses) {
      client.say("register " + address);
      if (!address.equals("kpi")) {
        awaitHeard(client, address);
      }
    }
    return client;
  }

  /** A subscription is not confirmed: it is there when something comes. */
  private void awaitHeard(NodeClient client, String address) {
    await()
        .until(
            () -> {
              vertx.eventBus().publish(address, "{}", Messages.LOCAL);
              return client.hears(address);
            });
  }

  private void news(long seq, String type) {
    JsonObject payload = new JsonObject().put("seq", seq).put("text", "\"ä\" " + seq);
    vertx
        .eventBus()
        .publish(
            Addresses.NEWS_MISMATCHES,
            new JsonObject()
                .put("reconciliation", "settlement")
                .put("partition", 3)
                .put(
                    "notices",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("seq", seq)
                                .put("type", type)
                                .put("payload", payload.encode()))));
  }

  /** The number up to which a page knows all, if each news began where it stood. */
  private static long covered(List<JsonObject> bodies) {
    long known = 0;
    for (JsonObject body : bodies) {
      Object seq = body.getValue("seq");
      long from;
      long to;
      if (seq instanceof JsonObject ranges) {
        from = ranges.getJsonArray("settlement/3").getLong(0);
        to = ranges.getJsonArray("settlement/3").getLong(1);
      } else {
        from = body.getLong("seq");
        to = from;
      }
      assertThat(from).isEqualTo(known + 1);
      known = to;
    }
    return known;
  }

  private int sockets() {
    return (int) registry.get("tallystick.bridge.sockets").gauge().value();
  }

  private double dropped() {
    return registry.get("tallystick.bridge.dropped").counter().count();
  }

  private int status(String method, String path, @Nullable String origin) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (origin != null) {
      request.header("Origin", origin);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private int upgrade(@Nullable String origin) throws Exception {
    try {
      get(connect(origin).close());
      return 101;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UpgradeRejectedException refused) {
        return refused.getStatus();
      }
      throw e;
    }
  }

  private WebSocket connect(@Nullable String origin) throws Exception {
    WebSocketClient client = vertx.createWebSocketClient();
    WebSocketConnectOptions to =
        new WebSocketConnectOptions()
            .setHost("localhost")
            .setPort(server.actualPort())
            .setURI(SOCKET)
            .setAllowOriginHeader(origin != null);
    if (origin != null) {
      to.addHeader("Origin", origin);
    }
    return get(client.connect(to));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
