package dev.tallystick.verticles.ingest;

import dev.tallystick.verticles.http.Bodies;
import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.ingest.EventIntake.Outgoing;
import dev.tallystick.verticles.meters.IngestMeters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /events} (contracts, section 2): one event or an array of up to {@value
 * EventIntake#EVENTS_MAX}, all of it or nothing. 202 means that all replicas have it. 503 means try
 * again: what was sent after all is a redelivery then, and has no effect.
 */
public final class EventsRoute {

  /** Every wait on the way to Kafka is bounded by less; this one is for what nobody foresaw. */
  static final long ANSWER_MAX_MS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(EventsRoute.class);
  private static final int RETRY_AFTER_SECONDS = 2;

  private final IngestSettings settings;
  private final IngestMeters meters;
  private final EventIntake intake;
  private final EventSender sender;
  private final Vertx vertx;
  private final WorkerExecutor reader;
  private final Bodies bodies;
  private final AtomicBoolean kafkaAway = new AtomicBoolean();

  public EventsRoute(
      Vertx vertx,
      IngestSettings settings,
      IngestMeters meters,
      Bodies bodies,
      LongSupplier clockMs) {
    this.vertx = vertx;
    this.bodies = bodies;
    this.settings = settings;
    this.meters = meters;
    this.intake = new EventIntake(settings.rulebooks(), settings.recordMaxBytes(), clockMs);
    this.sender = new EventSender(settings);
    // One thread: the decoders belong to it, and an array must not keep an event loop busy.
    this.reader = vertx.createSharedWorkerExecutor("tallystick-ingest-reader", 1);
  }

  /** Adds the route. */
  public void mount(Router router) {
    bodies.read(router.post("/events").handler(this::admit)).handler(this::handle);
  }

  /** After the HTTP server: what is still waiting fails. */
  public Future<Void> close() {
    return vertx
        .<Void>executeBlocking(
            () -> {
              sender.close();
              return null;
            },
            false)
        .compose(closed -> reader.close());
  }

  private void admit(RoutingContext request) {
    Problem refusal = Admission.refusal(request.request(), settings.open());
    if (refusal == null) {
      request.next();
    } else {
      refuse(request, refusal);
    }
  }

  private void handle(RoutingContext request) {
    Buffer body = request.body().buffer();
    byte[] read = body == null ? new byte[0] : body.getBytes();
    String trace = TraceParent.valid(request.request().getHeader(TraceParent.NAME));
    Context context = vertx.getOrCreateContext();
    Future<EventIntake.Outcome> outcome = reader.executeBlocking(() -> intake.read(read, trace));
    Bodies.until(
        request,
        outcome.compose(known -> settle(request, known, context)).onFailure(request::fail));
  }

  /** Completes when the request is answered; fails for a bug alone. */
  private Future<?> settle(RoutingContext request, EventIntake.Outcome outcome, Context context) {
    return switch (outcome) {
      case EventIntake.Bad bad -> {
        refuse(request, bad.problem());
        yield Future.succeededFuture();
      }
      case EventIntake.Good good -> {
        Future<List<RecordMetadata>> sent = send(good, context);
        Bodies.until(request, sent); // which may take longer than the caller waits
        yield sent.timeout(ANSWER_MAX_MS, TimeUnit.MILLISECONDS)
            .map(
                places -> {
                  accept(request, good.events(), places);
                  return null;
                })
            .recover(
                failure -> {
                  refuse(request, problem(failure));
                  return Future.succeededFuture();
                });
      }
    };
  }

  private Future<List<RecordMetadata>> send(EventIntake.Good good, Context context) {
    return good.array()
        ? sender.sendTogether(good.events().stream().map(Outgoing::record).toList(), context)
        : sender.sendOne(good.events().getFirst().record(), context);
  }

  private void accept(RoutingContext request, List<Outgoing> events, List<RecordMetadata> places) {
    JsonArray list = new JsonArray();
    for (int i = 0; i < events.size(); i++) {
      Outgoing event = events.get(i);
      RecordMetadata place = places.get(i);
      meters.accepted(event.source());
      list.add(
          new JsonObject()
              .put("index", i)
              .put("event_id", event.eventId())
              .put("topic", place.topic())
              .put("partition", place.partition())
              // -1: Kafka knows that a record it was sent twice is there, and no longer where.
              .put("offset", place.offset()));
    }
    if (kafkaAway.compareAndSet(true, false)) {
      LOG.info("POST /events: Kafka acknowledges again");
    }
    if (request.response().closed()) {
      return; // the caller has gone; the events are there all the same
    }
    request
        .response()
        .setStatusCode(202)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("accepted", events.size())
                .put("duplicates", 0)
                .put("events", list)
                .encode());
  }

  private Problem problem(Throwable failure) {
    if (failure instanceof Unavailable) {
      return unavailable("Not accepted: " + failure.getMessage() + ".");
    }
    if (failure instanceof RecordTooLargeException) {
      return Problem.of(
          413, "TOO_LARGE", "Kafka refuses the record as too large; none was accepted.");
    }
    if (Fault.of(failure) == Fault.RECORD) {
      LOG.warn("POST /events: Kafka does not take records of this topic: {}", failure.toString());
      return unavailable("Kafka does not let this node write to the topic; none was accepted.");
    }
    if (kafkaAway.compareAndSet(false, true)) {
      LOG.warn("POST /events: Kafka does not acknowledge: {}", failure.toString());
    }
    return unavailable(
        "Kafka has not acknowledged the events in time. Sending them again does no harm.");
  }

  private static Problem unavailable(String detail) {
    return Problem.of(503, "UNAVAILABLE", detail).retryAfter(RETRY_AFTER_SECONDS);
  }

  private void refuse(RoutingContext request, @Nullable Problem problem) {
    if (problem != null) {
      meters.refused(problem.code());
      problem.send(request);
    }
  }
}
