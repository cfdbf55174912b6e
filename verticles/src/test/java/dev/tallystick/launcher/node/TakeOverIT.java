package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.simulator.verify.Score;
import dev.tallystick.simulator.verify.Scoreboard;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions move between nodes while records flow; the rows cannot tell. */
class TakeOverIT {

  @SuppressWarnings("try") // the first node leaves early: that is the point
  @Test
  void aSecondNodeTakesOverAndTheFirstLeaves(@TempDir Path directory) throws Exception {
    try (Stage stage = Stage.open(directory, "9s", 4)) {
      Workload workload = new Workload(stage.simulated(), 5, 0.3);
      Scoreboard scoreboard = new Scoreboard(directory.resolve("truth"), stage.simulated());
      String kafka = stage.addresses().kafkaBootstrap();
      try (Simulation simulation =
          Simulation.onKafka(workload, kafka, directory.resolve("truth"), 50)) {
        simulation.start();
        try (Node first = Node.start(stage.settings("first", kafka))) {
          planned(simulation, 200);
          try (Node second = Node.start(stage.settings("second", kafka))) {
            await()
                .atMost(Duration.ofMinutes(1))
                .until(
                    () ->
                        stage.count(
                                "select count(distinct owner) from partition_progress where"
                                    + " owner in ('first', 'second')")
                            == 2);
            planned(simulation, 500);
            first.close();
            planned(simulation, 700);
            simulation.stopInjecting();
            simulation.drained().get();
            stage.awaitJudged(simulation.lastDeadlineMs());
            assertThat(second.httpPort()).isPositive();
          }
        }
      }
      Score score;
      try (Connection connection = stage.connect()) {
        score = scoreboard.finish(connection);
      }
      assertThat(score.detected()).isEqualTo(score.injected());
      assertThat(score.ok()).as("%s", score).isTrue();
      VerifyResult verified = stage.verify();
      assertThat(verified.ok()).as("%s", verified).isTrue();
    }
  }

  private static void planned(Simulation simulation, long count) {
    await().atMost(Duration.ofMinutes(2)).until(() -> simulation.transactionsPlanned() >= count);
  }
}
