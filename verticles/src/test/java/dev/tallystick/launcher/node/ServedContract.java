package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The document that a node serves, read by a library that knows nothing of us: it says what may be
 * asked and judges what is answered.
 */
final class ServedContract {

  private static final String PROBLEM = "application/problem+json";
  private static final String JSON = "application/json";

  final JsonObject document;
  private final ResponseValidator validator;

  private ServedContract(JsonObject document, ResponseValidator validator) {
    this.document = document;
    this.validator = validator;
  }

  static ServedContract of(Vertx vertx, String text) throws Exception {
    // The library refuses to load a contract with this content type; that it is answered is checked
    // below, by hand.
    OpenAPIContract contract =
        get(OpenAPIContract.from(vertx, new JsonObject(text.replace(PROBLEM, JSON))));
    return new ServedContract(new JsonObject(text), ResponseValidator.create(vertx, contract));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Fails unless status, content type and body are what the document says. */
  void judge(String path, String method, HttpResponse<String> response) throws Exception {
    JsonObject operation =
        document.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
    String place = method + " " + response.request().uri() + " → " + response.statusCode();
    JsonObject answer =
        operation.getJsonObject("responses").getJsonObject("" + response.statusCode());
    assertThat(answer).as("%s is documented; %s", place, response.body()).isNotNull();
    String type = response.headers().firstValue("content-type").orElse("none");
    if (response.statusCode() >= 400 && !path.equals("/health/ready")) {
      assertThat(type).as(place).isEqualTo(PROBLEM);
    }
    if (path.equals("/metrics")) {
      assertThat(type).startsWith("text/plain");
      return;
    }
    try {
      get(
          validator.validate(
              ValidatableResponse.create(
                  response.statusCode(),
                  Map.of(),
                  Buffer.buffer(response.body()),
                  type.replace(PROBLEM, JSON)),
              operation.getString("operationId")));
    } catch (ExecutionException e) {
      throw new AssertionError(place + ": " + e.getCause() + "\n" + response.body(), e);
    }
  }

  /**
   * @param name as in the document
   * @param in {@code path} or {@code query}
   * @param example null: there is none
   */
  record Parameter(String name, String in, JsonObject schema, @Nullable Object example) {}

  /** With references followed. */
  List<Parameter> parameters(String path, String method) {
    List<Parameter> found = new ArrayList<>();
    JsonObject operation =
        document.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
    for (Object each : operation.getJsonArray("parameters", new JsonArray())) {
      JsonObject parameter = resolved((JsonObject) each);
      found.add(
          new Parameter(
              parameter.getString("name"),
              parameter.getString("in"),
              resolved(parameter.getJsonObject("schema")),
              parameter.getValue("example")));
    }
    return found;
  }

  /** Path → methods, sorted. */
  Map<String, List<String>> operations() {
    Map<String, List<String>> operations = new TreeMap<>();
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      operations.put(path, paths.getJsonObject(path).fieldNames().stream().sorted().toList());
    }
    return operations;
  }

  private JsonObject resolved(JsonObject value) {
    String reference = value.getString("$ref");
    if (reference == null) {
      return value;
    }
    JsonObject at = document;
    for (String name : reference.substring("#/".length()).split("/", -1)) {
      at = at.getJsonObject(name);
    }
    return at;
  }
}
