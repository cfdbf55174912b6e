package dev.tallystick;

import dev.tallystick.verticles.bridge.BridgeVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;

/** The least HTTP server that carries the bridge, on a free port of the loopback. */
public final class BridgeServer extends VerticleBase {

  private final BridgeVerticle bridge;
  private volatile int port;

  public BridgeServer(BridgeVerticle bridge) {
    this.bridge = bridge;
  }

  /** Where a client connects to. */
  public String url() {
    return "http://localhost:" + port + "/eventbus";
  }

  public int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    bridge.mount(router);
    return vertx
        .createHttpServer(BridgeVerticle.limit(new HttpServerOptions().setHost("localhost")))
        .requestHandler(router)
        .listen(0)
        .onSuccess(server -> port = server.actualPort());
  }
}
