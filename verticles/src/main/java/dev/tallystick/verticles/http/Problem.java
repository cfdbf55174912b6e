package dev.tallystick.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says what is wrong: {@code application/problem+json} (RFC 9457; contracts, section
 * 2). The code is part of the contract and never changes; the detail is for people.
 */
public final class Problem {

  public static final String CONTENT_TYPE = "application/problem+json";

  /** A value is quoted up to this many characters: an answer must not grow with what was sent. */
  static final int VALUE_MAX = 200;

  /** Errors beyond this many are only counted. */
  static final int ERRORS_MAX = 100;

  private final int status;
  private final String code;
  private final String detail;
  private final JsonArray errors = new JsonArray();
  private int errorsLeftOut;
  private int retryAfterSeconds;

  private Problem(int status, String code, String detail) {
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  /**
   * @param status 4xx or 5xx
   * @param code upper case with underscores, as {@code BAD_PARAMETER}
   * @param detail one sentence
   */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail);
  }

  /**
   * One thing that is wrong.
   *
   * @param pointer JSON pointer into the body, or {@code ?name} for a query parameter
   * @param value as it was sent; strings are shortened to {@value #VALUE_MAX} characters; null: it
   *     is absent
   */
  public Problem error(String pointer, @Nullable Object value, String reason) {
    if (errors.size() >= ERRORS_MAX) {
      errorsLeftOut++;
      return this;
    }
    errors.add(
        new JsonObject()
            .put("pointer", shortened(pointer))
            .put("value", shown(value))
            .put("reason", reason));
    return this;
  }

  /** When it makes sense to ask again. */
  public Problem retryAfter(int seconds) {
    retryAfterSeconds = seconds;
    return this;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("type", "urn:tallystick:error:" + code)
        .put("title", title())
        .put("status", status)
        .put(
            "detail",
            errorsLeftOut == 0
                ? detail
                : "%s %d more errors are not listed.".formatted(detail, errorsLeftOut))
        .put("code", code)
        .put("errors", errors);
  }

  /** Answers the request, unless it has been answered already. */
  public void send(RoutingContext request) {
    send(request.response());
  }

  void send(HttpServerResponse response) {
    if (response.headWritten() || response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, SecurityHeaders.NO_STORE);
    if (retryAfterSeconds > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
    }
    response.end(toJson().encode());
  }

  /** {@code NOT_FOUND} → {@code Not found}. */
  private String title() {
    return code.charAt(0) + code.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static @Nullable Object shown(@Nullable Object value) {
    return value instanceof CharSequence text ? shortened(text.toString()) : value;
  }

  private static String shortened(String text) {
    if (text.length() <= VALUE_MAX) {
      return text;
    }
    // Half of a surrogate pair is not a character.
    int end = Character.isHighSurrogate(text.charAt(VALUE_MAX - 2)) ? VALUE_MAX - 2 : VALUE_MAX - 1;
    return text.substring(0, end) + '…';
  }
}
