package dev.tallystick.verticles.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI document: the one place where routes and parameters are described. It is served, and
 * it says what {@link QueryRules} accept.
 */
final class Contract {

  private static final String RESOURCE = "/api/openapi.yaml";

  private final JsonObject document;

  private Contract(JsonObject document) {
    this.document = document;
  }

  static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      Map<String, Object> read = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return new Contract(new JsonObject(read));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  /**
   * The document for those who reach the server at this address.
   *
   * @param address absolute, as {@code http://localhost:8000}: tools refuse a relative one
   */
  Buffer servedAt(String address) {
    JsonObject copy = document.copy();
    copy.put("servers", new JsonArray().add(new JsonObject().put("url", address)));
    return copy.toBuffer();
  }

  /** What a GET of this path takes. */
  QueryRules rules(String path) {
    JsonObject operation = document.getJsonObject("paths").getJsonObject(path);
    if (operation == null || !operation.containsKey("get")) {
      throw new IllegalArgumentException(RESOURCE + " has no GET " + path);
    }
    List<ParameterRule> rules = new ArrayList<>();
    for (Object each : operation.getJsonObject("get").getJsonArray("parameters", new JsonArray())) {
      JsonObject parameter = resolved((JsonObject) each);
      JsonObject schema = resolved(parameter.getJsonObject("schema"));
      boolean many = "array".equals(schema.getString("type"));
      rules.add(
          ParameterRule.of(
              parameter.getString("name"),
              "path".equals(parameter.getString("in")),
              many,
              many ? resolved(schema.getJsonObject("items")) : schema));
    }
    return new QueryRules(rules);
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
