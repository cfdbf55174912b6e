package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.embedded.fault.TcpFault;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The invariant NO-FALSE-ALARM: what is merely unread is not missing. */
class CutOffIT {

  private static final int RATE = 40;
  private static final int SLA_SECONDS = 6;

  @Test
  void nothingIsMissingBecauseTheEngineWasCutOff(@TempDir Path directory) throws Exception {
    try (TcpFault way = TcpFault.open();
        Stage stage = Stage.open(directory, SLA_SECONDS + "s", 2, way)) {
      stage.startNode(way.address());
      Workload workload = new Workload(stage.simulated(), 3, 0);
      try (Simulation simulation =
          Simulation.onKafka(
              workload, stage.addresses().kafkaBootstrap(), directory.resolve("truth"), RATE)) {
        simulation.start();
        planned(simulation, 3L * RATE);
        way.cut();
        planned(simulation, (3L + 3 * SLA_SECONDS) * RATE);
        assertThat(way.droppedCount()).isPositive();
        way.restore();
        planned(simulation, (5L + 3 * SLA_SECONDS) * RATE);
        simulation.stopInjecting();
        simulation.drained().get();
        stage.awaitJudged(simulation.lastDeadlineMs());
        assertThat(stage.count("select count(*) from mismatches")).isZero();
        assertThat(stage.count("select count(*) from transactions where state <> 'MATCHED'"))
            .isZero();
        assertThat(stage.count("select count(*) from transactions"))
            .isEqualTo(simulation.transactionsPlanned());
      }
      VerifyResult verified = stage.verify();
      assertThat(verified.ok()).as("%s", verified).isTrue();
    }
  }

  private static void planned(Simulation simulation, long count) {
    await().atMost(Duration.ofMinutes(2)).until(() -> simulation.transactionsPlanned() >= count);
  }
}
