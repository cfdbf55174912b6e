package dev.tallystick.verticles.api;

import dev.tallystick.verticles.http.SecurityHeaders;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** {@code /openapi.json}, and a page that shows it; all of it from this server. */
final class DocsRoutes {

  private static final String WEBJAR = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,253}");

  /** Swagger UI writes style attributes and draws its icons from data. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
          + "form-action 'none'; frame-ancestors 'none'";

  private static final List<String> OWN = List.of("index.html", "initializer.js");
  private static final List<String> SWAGGER =
      List.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

  private final Contract contract;
  private final ResourceFiles own;
  private final ResourceFiles swagger;

  DocsRoutes(Vertx vertx, Contract contract) {
    this.contract = contract;
    own = new ResourceFiles(vertx, "docs");
    swagger = new ResourceFiles(vertx, "META-INF/resources/webjars/swagger-ui/" + webjarVersion());
  }

  void mount(Router router) {
    router.get("/openapi.json").handler(this::contract);
    router.get("/docs").handler(request -> file(request, own, "index.html"));
    OWN.forEach(name -> router.get("/docs/" + name).handler(request -> file(request, own, name)));
    SWAGGER.forEach(
        name -> router.get("/docs/" + name).handler(request -> file(request, swagger, name)));
  }

  private void contract(RoutingContext request) {
    String address = request.request().scheme() + "://" + host(request);
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(contract.servedAt(address));
  }

  /** As the client named it, if it could be a name: it stands in the answer. */
  private static String host(RoutingContext request) {
    HostAndPort named = request.request().authority();
    return named != null && HOST.matcher(named.host()).matches()
        ? named.toString()
        : request.request().localAddress().toString();
  }

  private static void file(RoutingContext request, ResourceFiles files, String name) {
    SecurityHeaders.policy(request.response(), POLICY);
    request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    files.send(request, name);
  }

  private static String webjarVersion() {
    try (InputStream in = DocsRoutes.class.getClassLoader().getResourceAsStream(WEBJAR)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "none");
    } catch (IOException e) {
      throw new UncheckedIOException(WEBJAR, e);
    }
  }
}
