package dev.tallystick.verticles.bridge;

import dev.tallystick.protocol.Addresses;
import dev.tallystick.verticles.meters.EngineMeters;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import io.vertx.ext.web.handler.sockjs.Transport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * The sockets of this node: what they may ask for, and what becomes of one that reads too slowly.
 * On the event loop of the HTTP server alone, which is also all that Vert.x' bridge can bear.
 *
 * <p>It looks at Netty's channel, because nothing above it tells: a SockJS socket on a WebSocket
 * never says that its queue is full, and closing one waits until all before the close frame has
 * been written, which to a browser that does not read is never.
 */
final class BrowserSockets {

  private static final int ADDRESS_MAX = 64;

  /** Full above the second, which is what a socket may cost; again with room below the first. */
  private static final WriteBufferWaterMark QUEUE_BYTES =
      new WriteBufferWaterMark(1 << 15, 1 << 17);

  private final Vertx vertx;
  private final BridgeLimits limits;
  private final EngineMeters meters;
  private final IntConsumer kpiWanted;
  private final Map<SockJSSocket, Browser> browsers = new HashMap<>();
  private boolean looking;
  private volatile int open;

  /** One socket. */
  private static final class Browser {
    final Channel channel;
    final Set<String> addresses = new HashSet<>();
    int refusals;
    boolean wasFull;

    Browser(Channel channel) {
      this.channel = channel;
    }

    /** What was written has not left: the browser reads too slowly. */
    boolean isFull() {
      return !channel.isWritable();
    }

    /**
     * At once, and past the last handler, which is Vert.x': it would make a close frame of it and
     * wait behind all that is not read.
     */
    void cutOff() {
      var _ = channel.pipeline().lastContext().close();
    }
  }

  /**
   * @param kpiWanted told +1 and −1 as sockets subscribe to {@link Addresses#KPI} and leave it
   */
  BrowserSockets(Vertx vertx, BridgeLimits limits, EngineMeters meters, IntConsumer kpiWanted) {
    this.vertx = vertx;
    this.limits = limits;
    this.meters = meters;
    this.kpiWanted = kpiWanted;
  }

  /** Open sockets; for any thread. */
  int open() {
    return open;
  }

  boolean hasRoom() {
    return browsers.size() < limits.socketsMax();
  }

  /** The routes below {@code /eventbus}. */
  Router routes() {
    SockJSHandlerOptions transports =
        new SockJSHandlerOptions()
            .setHeartbeatInterval(limits.heartbeatMs())
            .setInsertJSESSIONID(false)
            .setRegisterWriteHandler(false);
    for (Transport transport : Transport.values()) {
      if (transport != Transport.WEBSOCKET) {
        transports.addDisabledTransport(transport.name());
      }
    }
    SockJSBridgeOptions permissions =
        new SockJSBridgeOptions()
            .setMaxAddressLength(ADDRESS_MAX)
            .setMaxHandlersPerSocket(limits.handlersMax())
            .setPingTimeout(limits.silentMaxMs());
    for (String address : Addresses.BROWSER) {
      permissions.addOutboundPermitted(new PermittedOptions().setAddress(address));
    }
    return SockJSHandler.create(vertx, transports).bridge(permissions, this::on);
  }

  private void on(BridgeEvent event) {
    SockJSSocket socket = event.socket();
    switch (event.type()) {
      case SOCKET_CREATED -> event.complete(opened(socket));
      case REGISTER, SEND, PUBLISH -> event.complete(mayPass(event));
      case REGISTERED -> {
        registered(socket, address(event));
        event.complete(true);
      }
      case UNREGISTER -> {
        unregistered(socket, address(event));
        event.complete(true);
      }
      case RECEIVE -> {
        deliver(socket, event.getRawMessage());
        event.complete(false); // it is written already, or dropped
      }
      case SOCKET_IDLE -> {
        cutIfFull(socket);
        event.complete(true);
      }
      case SOCKET_CLOSED, SOCKET_ERROR -> {
        closed(socket);
        event.complete(true);
      }
      case SOCKET_PING -> event.complete(true);
    }
  }

  private boolean opened(SockJSSocket socket) {
    if (!hasRoom()) {
      return false;
    }
    HttpServerConnection connection =
        (HttpServerConnection) socket.routingContext().request().connection();
    Channel channel = connection.channelHandlerContext().channel();
    channel.config().setWriteBufferWaterMark(QUEUE_BYTES);
    browsers.put(socket, new Browser(channel));
    open = browsers.size();
    if (!looking) {
      looking = true;
      vertx.setTimer(limits.fullMaxMs(), timer -> look());
    }
    return true;
  }

  private void closed(SockJSSocket socket) {
    Browser browser = browsers.remove(socket);
    if (browser != null) {
      if (browser.addresses.contains(Addresses.KPI)) {
        kpiWanted.accept(-1);
      }
    }
    open = browsers.size();
  }

  private boolean mayPass(BridgeEvent event) {
    boolean passes =
        event.type() == BridgeEventType.REGISTER && maySubscribe(event.getRawMessage());
    Browser browser = browsers.get(event.socket());
    if (!passes && browser != null && ++browser.refusals > limits.refusalsMax()) {
      browser.cutOff();
    }
    return passes;
  }

  /** The one place that decides who may hear what. */
  private static boolean maySubscribe(JsonObject register) {
    return Addresses.BROWSER.contains(register.getString("address"));
  }

  private void registered(SockJSSocket socket, String address) {
    Browser browser = browsers.get(socket);
    if (browser != null && browser.addresses.add(address) && address.equals(Addresses.KPI)) {
      kpiWanted.accept(1);
    }
  }

  private void unregistered(SockJSSocket socket, String address) {
    Browser browser = browsers.get(socket);
    if (browser != null && browser.addresses.remove(address) && address.equals(Addresses.KPI)) {
      kpiWanted.accept(-1);
    }
  }

  /** For each message and socket: nothing is encoded or copied here but the envelope. */
  private void deliver(SockJSSocket socket, JsonObject envelope) {
    Browser browser = browsers.get(socket);
    if (browser == null) {
      return;
    }
    if (browser.isFull()) {
      meters.bridgeDropped();
      return;
    }
    browser.wasFull = false;
    socket.write(
        "{\"type\":\"rec\",\"address\":\""
            + envelope.getString("address")
            + "\",\"body\":"
            + envelope.getString("body")
            + '}');
  }

  /**
   * Cuts off whoever is full at two looks with nothing delivered between them; also one that never
   * subscribed and only fills its queue with refusals.
   */
  private void look() {
    for (Browser browser : List.copyOf(browsers.values())) {
      boolean full = browser.isFull();
      if (full && browser.wasFull) {
        browser.cutOff();
      }
      browser.wasFull = full;
    }
    looking = !browsers.isEmpty();
    if (looking) {
      vertx.setTimer(limits.fullMaxMs(), timer -> look());
    }
  }

  private void cutIfFull(SockJSSocket socket) {
    Browser browser = browsers.get(socket);
    if (browser != null && browser.isFull()) {
      browser.cutOff();
    }
  }

  private static String address(BridgeEvent event) {
    return event.getRawMessage().getString("address", "");
  }
}
