package dev.tallystick.verticles.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * What all bodies of a node together may cost while they are read and worked on. A route that takes
 * a body says so with {@link #read}, after the handlers that decide whether it is wanted at all; no
 * other route reads one.
 *
 * <p>Memory is reserved before the first byte is read: as much as the request announces, or the
 * most there can be when it announces nothing. One for the whole node; belongs to the event loop of
 * the HTTP port.
 */
public final class Bodies {

  /** A body, in bytes; beyond it: 413. */
  public static final int BODY_MAX = 4 << 20;

  /** All bodies together, in bytes; beyond it: 503. */
  static final long TOTAL_MAX = 64L << 20;

  /** A request costs so much even with an empty body, in bytes: that bounds their number. */
  static final long COST_MIN = 16L << 10;

  private static final String RESERVATION = "tallystick.body";
  private static final int RETRY_AFTER_SECONDS = 2;

  private long left = TOTAL_MAX;

  /** Given back when nobody holds it any more. */
  private final class Reservation {
    final long bytes;
    int holders = 1;

    Reservation(long bytes) {
      this.bytes = bytes;
      left -= bytes;
    }

    void release() {
      if (--holders == 0) {
        left += bytes;
      }
    }
  }

  /** The handlers that are added to the route after this find the body read. */
  public Route read(Route route) {
    BodyHandler reader = BodyHandler.create(false).setBodyLimit(BODY_MAX);
    return route
        .handler(this::reserve)
        .handler(
            request -> {
              reader.handle(request); // added itself, Vert.x wants it before all others
            });
  }

  /**
   * Holds the reservation of a request until work on its body is over: a caller that has gone
   * leaves the work behind, and with it the memory.
   */
  public static void until(RoutingContext request, Future<?> work) {
    Reservation reservation = request.get(RESERVATION);
    if (reservation != null) {
      reservation.holders++;
      work.onComplete(over -> reservation.release());
    }
  }

  private void reserve(RoutingContext request) {
    long announced = announced(request.request());
    if (announced > BODY_MAX) {
      request.fail(413);
      return;
    }
    long bytes = Math.max(announced, COST_MIN);
    if (bytes > left) {
      request.fail(
          new Refusal(
              Problem.of(
                      503,
                      "UNAVAILABLE",
                      "Too much is being read at once; of this request nothing was.")
                  .retryAfter(RETRY_AFTER_SECONDS)));
      return;
    }
    Reservation reservation = new Reservation(bytes);
    request.put(RESERVATION, reservation);
    request.addEndHandler(over -> reservation.release()); // answered or gone, whichever is first
    request.next();
  }

  /** Bytes that may come; 0: there is no body. */
  static long announced(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return BODY_MAX;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // Netty has read it as a number, or refused it
    }
  }
}
