package dev.tallystick.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * What every answer says to a browser. The policy is that of an answer that is never shown as a
 * page; a route that serves pages replaces it with {@link #policy}.
 */
public final class SecurityHeaders {

  public static final String NO_STORE = "no-store";

  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
  private static final String NOTHING =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private SecurityHeaders() {}

  static void put(HttpServerResponse response) {
    response
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("cross-origin-resource-policy", "same-origin")
        .putHeader(POLICY, NOTHING)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
  }

  /** Replaces the policy for an answer that is a page or belongs to one. */
  public static void policy(HttpServerResponse response, String policy) {
    response.putHeader(POLICY, policy);
  }
}
