package dev.tallystick.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Only pages of this host may change anything or connect. A page that somebody opened on this
 * machine can post here and open WebSockets without asking anybody, but its browser says where it
 * is from. No origin: not a page in a browser.
 */
public final class SameOrigin {

  private static final Pattern SCHEME = Pattern.compile("^https?://");

  private SameOrigin() {}

  /** Hands on what is of no page, or of one of this host; anything else is answered 403. */
  public static void only(RoutingContext request) {
    if (isForeign(request.request())) {
      request.fail(
          new Refusal(
              Problem.of(
                  403, "FOREIGN_ORIGIN", "Only pages of this host may do this; see its origin.")));
    } else {
      request.next();
    }
  }

  /** The same, for every request that may change something. */
  static void onlyForChanges(RoutingContext request) {
    HttpMethod method = request.request().method();
    if (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method)) {
      request.next();
    } else {
      only(request);
    }
  }

  private static boolean isForeign(HttpServerRequest request) {
    List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
    if (origins.isEmpty()) {
      return false;
    }
    HostAndPort host = request.authority(); // Host, or :authority of HTTP/2
    if (origins.size() > 1 || host == null) {
      return true;
    }
    String origin = origins.getFirst().toLowerCase(Locale.ROOT);
    return !SCHEME.matcher(origin).find()
        || !SCHEME
            .matcher(origin)
            .replaceFirst("")
            .equals(host.toString().toLowerCase(Locale.ROOT));
  }
}
