package dev.tallystick.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * By which names a node may be called that listens on this machine alone. A foreign name may be
 * made to point to 127.0.0.1 while its page is open (DNS rebinding): to the browser that page is
 * then of the same origin, and only the name gives it away.
 */
final class LoopbackNames {

  private static final Pattern IPV4 =
      Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");

  private LoopbackNames() {}

  /** Whether that is an address of this machine alone. Looks the name up: not on an event loop. */
  static boolean isLoopback(String listeningOn) {
    try {
      return InetAddress.getByName(listeningOn).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // nor can it be listened on
    }
  }

  /** Answers 421 to a request that was meant for another name; no Host: not from a browser. */
  static void only(RoutingContext request) {
    if (isForeign(request.request())) {
      request.fail(
          new Refusal(
              Problem.of(
                  421,
                  "MISDIRECTED",
                  "This node listens on a loopback address and is called localhost.")));
    } else {
      request.next();
    }
  }

  private static boolean isForeign(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    HostAndPort authority = request.authority();
    if (authority == null || hosts.size() > 1) {
      return !hosts.isEmpty();
    }
    return !isName(authority.host().toLowerCase(Locale.ROOT));
  }

  static boolean isName(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || IPV4.matcher(host).matches();
  }
}
