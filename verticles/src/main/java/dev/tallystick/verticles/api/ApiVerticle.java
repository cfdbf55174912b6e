package dev.tallystick.verticles.api;

import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.storage.read.DeadLetterReads;
import dev.tallystick.storage.read.MismatchReads;
import dev.tallystick.storage.read.StatsReads;
import dev.tallystick.storage.read.TransactionReads;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.util.List;

/** The read side of the REST API. It is deployed before the HTTP port opens. */
public final class ApiVerticle extends VerticleBase {

  private final Pool pool;
  private final List<Rulebook> rulebooks;
  private final Contract contract = Contract.load();

  /**
   * @param pool made for {@link dev.tallystick.storage.postgres.PgPools.Use#READING}; its owner
   *     closes it, after this
   * @param rulebooks of all reconciliations
   */
  public ApiVerticle(Pool pool, List<Rulebook> rulebooks) {
    this.pool = pool;
    this.rulebooks = List.copyOf(rulebooks);
  }

  /** Adds the routes; once the verticle is deployed. */
  public void mount(Router router) {
    StatsReads stats = new StatsReads(pool);
    Lookup lookup = new Lookup(rulebooks, new Owners(vertx.eventBus()));
    Answering answering = new Answering(contract);
    new TransactionRoutes(new TransactionReads(pool), stats, lookup).mount(router, answering);
    new MismatchRoutes(new MismatchReads(pool), stats).mount(router, answering);
    new DeadLetterRoutes(new DeadLetterReads(pool)).mount(router, answering);
    new DocsRoutes(vertx, contract).mount(router);
    new DashboardRoutes(vertx).mount(router);
  }

  @Override
  public Future<?> start() {
    return Future.succeededFuture();
  }
}
