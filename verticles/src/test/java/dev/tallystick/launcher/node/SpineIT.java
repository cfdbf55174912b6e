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

/** Three live sources, every fault, real servers: the answer is compared with the truth. */
class SpineIT {

  @Test
  void everyFaultIsFoundAndNothingElse(@TempDir Path directory) throws Exception {
    try (Stage stage = Stage.open(directory, "9s", 4)) {
      stage.startNode();
      Workload workload = new Workload(stage.simulated(), 1, 0.3);
      Scoreboard scoreboard = new Scoreboard(directory.resolve("truth"), stage.simulated());
      try (Simulation simulation =
          Simulation.onKafka(
              workload, stage.addresses().kafkaBootstrap(), directory.resolve("truth"), 60)) {
        simulation.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> simulation.transactionsPlanned() >= 900);
        simulation.stopInjecting();
        simulation.drained().get();
        stage.awaitJudged(simulation.lastDeadlineMs());
      }
      Score score;
      try (Connection connection = stage.connect()) {
        score = scoreboard.finish(connection);
      }
      System.out.println(score);
      VerifyResult verified = stage.verify();
      System.out.println(verified.toJson("verify"));
      assertThat(score.detected()).isEqualTo(score.injected());
      assertThat(score.ok()).as("%s", score).isTrue();
      assertThat(verified.ok()).as("%s", verified).isTrue();
    }
  }
}
