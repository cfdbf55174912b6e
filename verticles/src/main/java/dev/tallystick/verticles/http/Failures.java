package dev.tallystick.verticles.http;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.VertxException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failed request becomes an answer, and where it is logged. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final int RETRY_AFTER_SECONDS = 2;

  /**
   * Classes of SQLSTATE that are about the server, not about the statement: connection, resources,
   * intervention by an operator or a timeout, system.
   */
  private static final List<String> SERVER_STATES = List.of("08", "53", "57", "58");

  /** A lock or statement timeout, a serialization failure, a deadlock: a later try may succeed. */
  private static final Set<String> LATER_STATES = Set.of("55P03", "40001", "40P01", "25P03");

  private Failures() {}

  /** Answers a request that failed. */
  static void answer(RoutingContext request) {
    answer(request, request.statusCode());
  }

  /** The same for one that no route took; only the router knows why. */
  static void answer(RoutingContext request, int status) {
    if (request.response().closed()) {
      return; // the other side has gone: there is nobody to answer, and nothing failed here
    }
    Throwable failure = request.failure();
    Problem problem =
        failure instanceof Refusal refusal ? refusal.problem() : problem(status, failure);
    if (status < 400 && problem.status() == 500) {
      // How the reader of bodies says that the body broke off or was badly framed.
      problem = byStatus(400);
    }
    if (problem.status() >= 500 && !(failure instanceof Refusal)) {
      log(request, problem, failure);
    }
    problem.send(request);
  }

  private static void log(RoutingContext request, Problem problem, @Nullable Throwable failure) {
    if (problem.status() == 500) {
      LOG.error("{} {} failed", request.request().method(), path(request), failure);
    } else {
      LOG.warn(
          "{} {} answered {}: {}",
          request.request().method(),
          path(request),
          problem.status(),
          failure == null ? problem.code() : failure.toString());
    }
  }

  /** Without control characters: a line of the log stays a line. */
  private static String path(RoutingContext request) {
    String path = String.valueOf(request.request().path());
    String shown = path.length() > Problem.VALUE_MAX ? path.substring(0, Problem.VALUE_MAX) : path;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  static Problem problem(int status, @Nullable Throwable failure) {
    if (failure != null && status >= 500 && isServerAway(failure)) {
      return Problem.of(
              503, "UNAVAILABLE", "A server that this answer needs is away; please try again.")
          .retryAfter(RETRY_AFTER_SECONDS);
    }
    if (failure instanceof HttpException http) {
      return byStatus(http.getStatusCode());
    }
    return byStatus(status);
  }

  private static Problem byStatus(int status) {
    return switch (status) {
      case 400 -> Problem.of(400, "BAD_REQUEST", "The request cannot be read.");
      case 401 -> Problem.of(401, "UNAUTHENTICATED", "This needs a valid token.");
      case 403 -> Problem.of(403, "FORBIDDEN", "The token does not permit this.");
      case 404 -> Problem.of(404, "NOT_FOUND", "There is nothing at this path.");
      case 405 -> Problem.of(405, "METHOD_NOT_ALLOWED", "This path takes another method.");
      case 406 -> Problem.of(406, "NOT_ACCEPTABLE", "The answer has no form that is accepted.");
      case 408 -> Problem.of(408, "TOO_SLOW", "The request did not arrive in time.");
      case 413 -> Problem.of(413, "TOO_LARGE", "The body is larger than this server reads.");
      case 414 -> Problem.of(414, "URI_TOO_LONG", "The request line is longer than 4,096 bytes.");
      case 415 ->
          Problem.of(
              415,
              "UNSUPPORTED_MEDIA_TYPE",
              "Send it with 'content-type: application/json' (curl: --json).");
      case 417 -> Problem.of(417, "EXPECTATION_FAILED", "Only 100-continue can be expected.");
      case 431 -> Problem.of(431, "HEADERS_TOO_LARGE", "The headers are longer than 8,192 bytes.");
      case 503 ->
          Problem.of(503, "UNAVAILABLE", "This cannot be answered now; please try again.")
              .retryAfter(RETRY_AFTER_SECONDS);
      default ->
          status >= 400 && status < 500
              ? Problem.of(400, "BAD_REQUEST", "The request cannot be read.")
              : Problem.of(500, "INTERNAL", "The request failed; the log says why.");
    };
  }

  /**
   * Whether the environment failed: a lost or refused connection, a full queue, a timeout. The pool
   * reports some of them only as {@link VertxException} with a text.
   */
  private static boolean isServerAway(Throwable failure) {
    return switch (failure) {
      case PgException pg -> isOfServer(pg.getSqlState());
      case ClosedConnectionException closed -> true;
      case ConnectTimeoutException late -> true;
      case IOException broken -> true;
      case TimeoutException late -> true;
      case VertxException told -> {
        String message = String.valueOf(told.getMessage());
        yield message.contains("Timeout")
            || message.contains("onnection")
            || message.contains("max wait queue");
      }
      default -> false;
    };
  }

  private static boolean isOfServer(@Nullable String sqlState) {
    return sqlState != null
        && (LATER_STATES.contains(sqlState)
            || SERVER_STATES.stream().anyMatch(sqlState::startsWith));
  }
}
