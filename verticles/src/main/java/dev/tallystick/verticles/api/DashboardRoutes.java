package dev.tallystick.verticles.api;

import dev.tallystick.verticles.http.SecurityHeaders;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The dashboard's files under {@code /ui/}. Its own paths are deep links: what has no dot in its
 * last part is the page itself. Names in {@code assets/} hold a hash of the content, so they never
 * change; the page that names them must be asked for each time.
 */
final class DashboardRoutes {

  private static final String ROOT = "/ui/";
  private static final String PAGE = "index.html";

  /** 'self' covers the bridge's WebSocket on the same host (CSP Level 3, section 6.7.2.8). */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
          + "form-action 'self'; frame-ancestors 'none'";

  private final ResourceFiles files;

  DashboardRoutes(Vertx vertx) {
    files = new ResourceFiles(vertx, "webroot");
  }

  void mount(Router router) {
    router.get("/").handler(DashboardRoutes::redirect);
    router.get("/ui").handler(this::ui);
    router.get("/ui/*").handler(this::ui);
  }

  private static void redirect(RoutingContext request) {
    request.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, ROOT).end();
  }

  private void ui(RoutingContext request) {
    String path = request.normalizedPath();
    if (!path.startsWith(ROOT)) {
      redirect(request); // relative addresses in the page would point beside it
      return;
    }
    String name = path.substring(ROOT.length());
    boolean asset = name.startsWith("assets/");
    // An id in the address of a page may have dots; files lie in the root and in assets/ only.
    boolean page = !asset && (name.contains("/") || !name.contains("."));
    SecurityHeaders.policy(request.response(), POLICY);
    request
        .response()
        .putHeader(
            HttpHeaders.CACHE_CONTROL, asset ? "public, max-age=31536000, immutable" : "no-cache");
    files.send(request, page ? PAGE : name);
  }
}
