package dev.tallystick.launcher.node;

import dev.tallystick.launcher.node.ServedContract.Parameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Requests that a contract allows, mixed with what it does not; byte by byte, since a client
 * library would refuse to send the worse ones. One seed gives one sequence.
 */
final class HostileRequests {

  /** Already encoded, as they stand on the wire; characters are bytes. */
  private static final List<String> VALUES =
      List.of(
          "",
          "%00",
          "a%00b",
          "%ff%fe",
          "%c0%ae",
          "%ed%a0%80",
          "%zz",
          "%",
          "%2",
          "%2e%2e%2f",
          "%2F",
          "%25",
          "+",
          "%20",
          "'%3b%20drop%20table%20transactions--",
          "%0d%0aX-Evil:%20yes",
          "-1",
          "0",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "1e999",
          "0x10",
          "1.5",
          "NaN",
          "true",
          "null",
          "[]",
          "{}",
          ",",
          ",,,",
          "MATCHED,",
          "%f0%9f%98%80",
          "\u00ff",
          "\u0080\u0081",
          "<script>alert(1)</script>",
          "..;",
          "2025-13-45T99:99:99Z",
          "9999-12-31T23:59:59.999Z",
          "0000-01-01T00:00:00%2B18:00",
          "x".repeat(257),
          "1".repeat(400),
          "y".repeat(3_000),
          "eyJ",
          "dHJhbnNhY3Rpb25zL25ld2VzdAAAAAA",
          "dHJhbnNhY3Rpb25zL25ld2VzdAB4AHkAegA0");

  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
          "FOO", "get");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "multipart/form-data",
          "application/json; charset=utf-16",
          "a/b/c",
          "");

  private static final List<String> BODIES =
      List.of(
          "{}",
          "[]",
          "[".repeat(20_000),
          "{\"a\":".repeat(5_000),
          "null",
          "\"",
          "{\"txn_id\":1}",
          "[{},{},{}]",
          "\u00ff\u00fe\u0000",
          "{\"amount\":1" + "0".repeat(2_000) + "}",
          "{\"txn_id\":\"\\u0000\",\"source\":\"gateway\"}",
          "--x\r\n\r\n--x--",
          "a=b&c=%zz",
          "");

  static final String OTHER_VERSION = "GET / HTTP/9.9\r\n\r\n";

  /** Refused before a route is looked for; the connection ends with most of them. */
  private static final List<String> NO_REQUESTS =
      List.of(
          "GET\r\n\r\n",
          "GET /transactions HTTP/1.1\r\nHost: rebound.example\r\n\r\n",
          "POST /events HTTP/1.1\r\nHost: localhost\r\nOrigin: http://rebound.example\r\n\r\n",
          "\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
          OTHER_VERSION,
          "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + "b".repeat(9_000) + "\r\n\r\n",
          "GET /health/live HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
          "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
          "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
          "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
          "POST /x HTTP/1.1\r\n"
              + "Host: localhost\r\n"
              + "Content-Length: 3\r\n"
              + "Expect: miracles\r\n\r\n"
              + "abc");

  /**
   * @param path of the contract that the request was made from; empty: of none
   * @param statuses that the contract has for it
   */
  record Request(String path, String method, Set<Integer> statuses, byte[] bytes) {
    @Override
    public String toString() {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
  }

  private final ServedContract contract;
  private final List<String> paths;
  private final Random random;

  HostileRequests(ServedContract contract, long seed) {
    this.contract = contract;
    this.paths = List.copyOf(contract.operations().keySet());
    this.random = new Random(seed);
  }

  Request next() {
    if (random.nextInt(40) == 0) {
      return request("", "GET", Set.of(), any(NO_REQUESTS));
    }
    String path = any(paths);
    List<String> methods = contract.operations().getOrDefault(path, List.of());
    boolean documented = random.nextInt(5) != 0;
    String method = documented ? any(methods).toUpperCase(Locale.ROOT) : any(METHODS);
    List<Parameter> parameters =
        contract.parameters(path, methods.contains("get") ? "get" : methods.getFirst());
    String target = target(path, parameters) + query(parameters);
    boolean body = method.equals("POST") || random.nextInt(10) == 0;
    String content = body ? any(BODIES) : "";
    StringBuilder text = new StringBuilder(method).append(' ').append(target);
    text.append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (body) {
      text.append("Content-Type: ").append(any(TYPES)).append("\r\n");
      text.append("Content-Length: ").append(content.length()).append("\r\n");
    }
    text.append("\r\n").append(content);
    return request(path, method, statuses(path, method, methods), text.toString());
  }

  private static Request request(String path, String method, Set<Integer> statuses, String text) {
    return new Request(path, method, statuses, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Set<Integer> statuses(String path, String method, List<String> methods) {
    String asked = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
    if (!methods.contains(asked) || method.equals("get")) {
      return Set.of();
    }
    JsonObject operation = contract.document.getJsonObject("paths").getJsonObject(path);
    return operation.getJsonObject(asked).getJsonObject("responses").fieldNames().stream()
        .map(Integer::valueOf)
        .collect(Collectors.toSet());
  }

  private String target(String path, List<Parameter> parameters) {
    String target = path;
    for (Parameter parameter : parameters) {
      if (parameter.in().equals("path")) {
        target = target.replace("{" + parameter.name() + "}", value(parameter));
      }
    }
    return target;
  }

  private String query(List<Parameter> parameters) {
    List<String> parts = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.in().equals("query") && random.nextInt(4) == 0) {
        parts.add(parameter.name() + "=" + value(parameter));
        if (random.nextInt(8) == 0) {
          parts.add(parameter.name() + "=" + value(parameter));
        }
      }
    }
    if (random.nextInt(12) == 0) {
      parts.add(any(VALUES) + "=" + any(VALUES));
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  private String value(Parameter parameter) {
    Object example = parameter.example();
    if (example == null || random.nextInt(3) == 0) {
      return any(VALUES);
    }
    String text =
        example instanceof JsonArray many
            ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
            : String.valueOf(example);
    return ApiStage.encoded(text);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
