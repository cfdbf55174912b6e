package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour's double: it answers the three routes with what a gateway and a bank have reported.
 * What it knows about a transaction shows only after some looks, as at a real node.
 */
final class FakeNode implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, List<JsonNode>> events = new HashMap<>();
  private final Map<String, Integer> looks = new HashMap<>();
  private final Deque<int[]> refusals = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private int looksUntilOverdue = 5;
  private int looksUntilKnown = 2;

  FakeNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/events", this::post);
    server.createContext("/txns/", this::look);
    server.createContext("/transactions/", this::look);
    server.start();
  }

  URI base() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  Target target() {
    return new Target(
        base(),
        Map.of("bootstrap.servers", "localhost:1"),
        Map.of("settlement", Map.of("gateway", "gateway_txns", "bank", "bank_txns")));
  }

  /** The next {@code POST /events} is answered so. */
  synchronized void refuseNext(int status) {
    refusals.add(new int[] {status});
  }

  synchronized void neverKnow() {
    looksUntilKnown = Integer.MAX_VALUE;
  }

  /** Bodies of {@code POST /events} and paths of all others, in order. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  private synchronized void post(HttpExchange exchange) throws IOException {
    JsonNode event = JSON.readTree(exchange.getRequestBody());
    asked.add(event.toString());
    if (!refusals.isEmpty()) {
      int status = refusals.remove()[0];
      exchange.getResponseHeaders().add("retry-after", "0");
      answer(
          exchange,
          status,
          "{\"code\":\"BAD_VALUE\",\"detail\":\"No.\",\"errors\":[{\"pointer\":\"/amount\","
              + "\"value\":\"x\",\"reason\":\"is not an integer\"}]}");
      return;
    }
    List<JsonNode> known =
        events.computeIfAbsent(event.path("txn_id").asText(), id -> new ArrayList<>());
    known.add(event);
    ObjectNode body = JSON.createObjectNode().put("accepted", 1).put("duplicates", 0);
    body.putArray("events")
        .addObject()
        .put("index", 0)
        .put("event_id", "e" + known.size())
        .put("topic", event.path("source").asText().toLowerCase(Locale.ROOT) + "_txns")
        .put("partition", 0)
        .put("offset", known.size());
    answer(exchange, 202, body.toString());
  }

  private synchronized void look(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    String path = exchange.getRequestURI().getPath();
    String id = path.substring(path.lastIndexOf('/') + 1);
    List<JsonNode> known = events.get(id);
    int times = looks.merge(id, 1, Integer::sum);
    if (known == null || times < looksUntilKnown) {
      answer(exchange, 404, "{\"code\":\"NOT_FOUND\"}");
      return;
    }
    answer(exchange, 200, judged(id, known, times).toString());
  }

  private ObjectNode judged(String id, List<JsonNode> known, int times) {
    ObjectNode body = JSON.createObjectNode().put("txn_id", id).put("reconciliation", "settlement");
    ArrayNode mismatches = JSON.createArrayNode();
    if (known.size() == 1) {
      boolean overdue = times >= looksUntilOverdue;
      body.put("state", overdue ? "OVERDUE" : "PENDING");
      body.put("label", overdue ? "BANK_MISSING" : "GATEWAY_RECEIVED");
      if (overdue) {
        mismatches.add(mismatch("MISSING", "bank", null, null));
      }
    } else {
      long expected = known.get(0).path("amount").asLong();
      long actual = known.get(1).path("amount").asLong();
      body.put("state", expected == actual ? "MATCHED" : "MISMATCHED");
      body.put("label", expected == actual ? "MATCHED" : "AMOUNT_MISMATCH");
      if (expected != actual) {
        mismatches.add(mismatch("AMOUNT", "bank", expected, actual));
      }
    }
    body.set("mismatches", mismatches);
    return body;
  }

  private static ObjectNode mismatch(
      String type, String source, @Nullable Long expected, @Nullable Long actual) {
    ObjectNode mismatch = JSON.createObjectNode().put("type", type).put("source", source);
    mismatch.put("field", expected == null ? null : "amount");
    mismatch.put("expected", expected).put("actual", actual);
    mismatch.put(
        "delta", expected == null || actual == null ? null : Long.valueOf(actual - expected));
    return mismatch.putNull("closed_at").putNull("closed_by");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
