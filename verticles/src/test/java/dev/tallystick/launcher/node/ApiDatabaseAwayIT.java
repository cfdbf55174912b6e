package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.embedded.Addresses;
import dev.tallystick.embedded.fault.TcpFault;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without PostgreSQL the API says so, soon and in its own words, and comes back by itself. */
class ApiDatabaseAwayIT {

  @Test
  void saysThatItIsAwayAndComesBack(@TempDir Path directory) throws Exception {
    Stage stage = Stage.open(directory, "3s", 2);
    Addresses at = stage.addresses();
    try (TcpFault way = TcpFault.to(at.postgresHost(), at.postgresPort());
        Node node =
            Node.start(DatabaseAwayIT.behind(way, stage.settings("node-1", at.kafkaBootstrap())));
        ApiStage api = ApiStage.open(stage, node)) {
      assertThat(api.get("/transactions").statusCode()).isEqualTo(200);

      way.cut();
      for (String path :
          new String[] {
            "/transactions",
            "/transactions/TXN1003",
            "/txns/TXN1003",
            "/transactions/stats",
            "/mismatches",
            "/mismatches/stats",
            "/dead-letters"
          }) {
        HttpResponse<String> away = api.get(path);
        assertThat(away.statusCode()).as("%s %s", path, away.body()).isEqualTo(503);
        assertThat(away.headers().firstValue("retry-after")).contains("2");
        assertThat(new JsonObject(away.body()).getString("code")).isEqualTo("UNAVAILABLE");
      }

      way.restore();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> api.get("/transactions").statusCode() == 200);
    }
  }
}
