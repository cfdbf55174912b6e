package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only shows against real servers: each is one line and an exit code. */
class StartFailuresIT {

  @Test
  void topicsAndDefinitionsThatDoNotFit(@TempDir Path directory) throws Exception {
    try (Stage stage = Stage.open(directory, "5s", 2)) {
      String kafka = stage.addresses().kafkaBootstrap();
      NodeSettings settings = stage.settings("node", kafka);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
        admin
            .createTopics(List.of(new NewTopic("bank_txns", Optional.of(3), Optional.empty())))
            .all()
            .get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> Node.start(settings))
            .isInstanceOfSatisfying(
                StartFailure.class,
                failure -> {
                  assertThat(failure.exitCode()).isEqualTo(StartFailure.CONFIGURATION);
                  assertThat(failure)
                      .hasMessage(
                          "reconciliation settlement: partitions: 2: topic bank_txns has 3"
                              + " partitions");
                });
        admin.deleteTopics(List.of("bank_txns")).all().get(30, TimeUnit.SECONDS);
      }

      Node.start(settings).close();

      Path definition = stage.definitions.resolve("settlement.yaml");
      Files.writeString(definition, Files.readString(definition).replace("sla: 5s", "sla: 6s"));
      assertThatThrownBy(() -> Node.start(stage.settings("node", kafka)))
          .isInstanceOfSatisfying(
              StartFailure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(StartFailure.CONFIGURATION);
                assertThat(failure.getMessage())
                    .startsWith("reconciliations: settlement@1 is registered with hash ")
                    .doesNotContain("\n");
              });
    }
  }
}
