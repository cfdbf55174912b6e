package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between client and server and breaks the connection at one message. Statements are small
 * and sent in one piece, so the message is found in the chunk that carries it.
 */
final class FaultProxy {

  /** What happens when the client sends the awaited text. */
  enum Fault {
    NONE,
    /** The server never gets it; the connection closes. */
    CLOSE_BEFORE,
    /** The server gets it; the connection closes when it answers. */
    CLOSE_AFTER,
    /** The server gets it; its answers never arrive. */
    SWALLOW
  }

  private record Plan(Fault fault, String text) {}

  private final AtomicReference<Plan> plan = new AtomicReference<>(new Plan(Fault.NONE, ""));
  private final AtomicInteger fired = new AtomicInteger();
  private final NetServer server;

  FaultProxy(Vertx vertx, PgAddress target) {
    server =
        await(
            vertx
                .createNetServer()
                .connectHandler(
                    client -> {
                      client.pause();
                      vertx
                          .createNetClient()
                          .connect(target.port(), target.host())
                          .onSuccess(upstream -> join(client, upstream))
                          .onFailure(failure -> client.close());
                    })
                .listen(0, "127.0.0.1"));
  }

  PgAddress address(PgAddress target) {
    return new PgAddress(
        "127.0.0.1", server.actualPort(), target.database(), target.user(), target.password());
  }

  /** From now on, until said otherwise. */
  void fault(Fault fault, String text) {
    plan.set(new Plan(fault, text));
  }

  /** How often a fault happened: one that never did proves nothing. */
  int fired() {
    return fired.get();
  }

  private void join(NetSocket client, NetSocket upstream) {
    AtomicReference<Fault> struck = new AtomicReference<>(Fault.NONE);
    client.handler(
        bytes -> {
          Plan now = plan.get();
          if (now.fault() != Fault.NONE && contains(bytes, now.text())) {
            fired.incrementAndGet();
            struck.set(now.fault());
          }
          if (struck.get() == Fault.CLOSE_BEFORE) {
            client.close();
          } else {
            upstream.write(bytes);
          }
        });
    upstream.handler(
        bytes -> {
          switch (struck.get()) {
            case NONE -> client.write(bytes);
            case CLOSE_BEFORE, CLOSE_AFTER -> client.close();
            case SWALLOW -> {}
          }
        });
    client.closeHandler(closed -> upstream.close());
    upstream.closeHandler(closed -> client.close());
    client.resume();
  }

  private static boolean contains(Buffer bytes, String text) {
    return bytes.toString(StandardCharsets.ISO_8859_1).contains(text);
  }
}
