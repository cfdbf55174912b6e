package dev.tallystick.verticles.ingest;

import dev.tallystick.verticles.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may post events, and in what form: what is decided before a body is read. Pages of other
 * origins do not come as far as this.
 */
final class Admission {

  private Admission() {}

  /**
   * The problem to answer with, or null: come in.
   *
   * @param open events are taken without a token
   */
  static @Nullable Problem refusal(HttpServerRequest request, boolean open) {
    Problem caller = ofCaller(request, open);
    return caller == null ? ofForm(request) : caller;
  }

  private static @Nullable Problem ofCaller(HttpServerRequest request, boolean open) {
    if (!open) {
      request.response().putHeader("WWW-Authenticate", "Bearer");
      return Problem.of(
          401,
          "UNAUTHENTICATED",
          "Events are taken only with a token that permits events:write. On a loopback address"
              + " http.open-ingest: true takes them without one.");
    }
    return null;
  }

  private static @Nullable Problem ofForm(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !isJson(type)) {
      return Problem.of(
              415, "UNSUPPORTED_MEDIA_TYPE", "Events are application/json in UTF-8, nothing else.")
          .error("", type, "is not application/json");
    }
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", "A compressed body is not read.")
          .error("", encoding, "is not identity");
    }
    return null;
  }

  private static boolean isJson(String type) {
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals("application/json")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      if (parameter[0].strip().equals("charset") && !isUtf8(parameter)) {
        return false;
      }
    }
    return true;
  }

  /** US-ASCII is a part of it. */
  private static boolean isUtf8(String[] parameter) {
    String charset = parameter.length < 2 ? "" : parameter[1].strip().replace("\"", "");
    return charset.equals("utf-8") || charset.equals("utf8") || charset.equals("us-ascii");
  }
}
