package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.fault.TcpFault;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import dev.tallystick.storage.postgres.PgAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The invariant COMES-BACK for PostgreSQL: it goes in mid-commit, returns, and nothing is wrong.
 */
class DatabaseAwayIT {

  private static final int RATE = 60;

  @Test
  void workGoesOnWhenPostgresqlReturns(@TempDir Path directory) throws Exception {
    try (Stage stage = Stage.open(directory, "6s", 2)) {
      Addresses at = stage.addresses();
      Workload workload = new Workload(stage.simulated(), 4, 0.2);
      try (TcpFault way = TcpFault.to(at.postgresHost(), at.postgresPort());
          Node node = Node.start(behind(way, stage.settings("node-1", at.kafkaBootstrap())));
          Simulation simulation =
              Simulation.onKafka(workload, at.kafkaBootstrap(), directory.resolve("truth"), RATE)) {
        simulation.start();
        for (int outage = 1; outage <= 3; outage++) {
          planned(simulation, outage * 4L * RATE);
          way.cut();
          planned(simulation, (outage * 4L + 2) * RATE);
          way.restore();
        }
        simulation.stopInjecting();
        simulation.drained().get();
        stage.awaitJudged(simulation.lastDeadlineMs());
        assertThat(way.droppedCount()).isPositive();
        assertThat(node.httpPort()).isPositive();
      }
      VerifyResult verified = stage.verify();
      assertThat(verified.ok()).as("%s", verified).isTrue();
      assertThat(verified.transactions()).isGreaterThan(10L * RATE);
    }
  }

  static NodeSettings behind(TcpFault way, NodeSettings direct) {
    PgAddress pg = direct.postgres();
    return new NodeSettings(
        direct.name(),
        direct.kafka(),
        new PgAddress(way.host(), way.port(), pg.database(), pg.user(), pg.password()),
        direct.redisUrl(),
        direct.definitions(),
        direct.engine(),
        direct.httpHost(),
        direct.httpPort(),
        direct.openIngest(),
        direct.scenarios());
  }

  private static void planned(Simulation simulation, long count) {
    await().atMost(Duration.ofMinutes(2)).until(() -> simulation.transactionsPlanned() >= count);
  }
}
