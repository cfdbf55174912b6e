package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.NodeClient;
import dev.tallystick.protocol.Addresses;
import dev.tallystick.protocol.Messages;
import dev.tallystick.simulator.verify.Score;
import dev.tallystick.simulator.verify.Scoreboard;
import dev.tallystick.simulator.workload.FaultKind;
import dev.tallystick.simulator.workload.Simulation;
import dev.tallystick.simulator.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a browser hears is stored before it is told, and nothing is left out; checked at the arrival
 * of each message, in PostgreSQL, by another connection.
 *
 * <p>By hand, for a minute at 20,000 events a second (8,400 transactions of 2.4 events):
 *
 * <pre>mvn -o -pl verticles -am -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=LiveNewsIT -Dfailsafe.failIfNoSpecifiedTests=false -Dcoverage.skip=true
 * -Dlive.rate=8400 -Dlive.seconds=60 -Dlive.faults=0.2 verify</pre>
 */
class LiveNewsIT {

  private static final double RATE = Double.parseDouble(System.getProperty("live.rate", "350"));
  private static final double FAULTS = Double.parseDouble(System.getProperty("live.faults", "1"));
  private static final long SECONDS = Long.getLong("live.seconds", 0);
  private static final int CHECKED = 1_000;

  @Test
  void everyMismatchIsToldAndWasStoredBefore(@TempDir Path directory) throws Exception {
    try (Stage stage = Stage.open(directory, "9s", 4)) {
      Node node = stage.startNode();
      String bridge = "http://localhost:" + node.httpPort() + "/eventbus";
      try (HeardNews amounts = new HeardNews(stage, "mismatches.amount");
          HeardNews all = new HeardNews(stage, "mismatches");
          NodeClient amountClient = NodeClient.open(bridge, amounts::hear);
          NodeClient allClient = NodeClient.open(bridge, all::hear)) {
        subscribe(node, amountClient, "mismatches.amount");
        subscribe(node, allClient, "mismatches");
        Score score = play(stage, directory, amounts);
        System.out.println(score);
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(all.missing()).isEmpty());
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(amounts.missing()).isEmpty());
        System.out.println("mismatches.amount: " + amounts);
        System.out.println("mismatches: " + all);
        assertThat(score.detected()).isEqualTo(score.injected());
        assertThat(score.injected().get(FaultKind.AMOUNT)).isPositive();
        assertThat(amounts.notStored()).isEmpty();
        assertThat(all.notStored()).isEmpty();
        assertThat(all.gaps()).isEmpty();
        assertThat(claimedAgain(stage)).containsAll(all.repeated()).containsAll(amounts.repeated());
        assertThat(amounts.singles() + all.singles()).isGreaterThanOrEqualTo(CHECKED);
        assertThat(all.conflated()).isPositive();
      }
    }
  }

  private static Score play(Stage stage, Path directory, HeardNews amounts) throws Exception {
    Workload workload = new Workload(stage.simulated(), 1, FAULTS);
    Scoreboard scoreboard = new Scoreboard(directory.resolve("truth"), stage.simulated());
    try (Simulation simulation =
        Simulation.onKafka(
            workload, stage.addresses().kafkaBootstrap(), directory.resolve("truth"), RATE)) {
      long beganNanos = System.nanoTime();
      simulation.start();
      long wanted = (long) (SECONDS * RATE);
      await()
          .atMost(Duration.ofMinutes(5))
          .until(
              () ->
                  SECONDS > 0
                      ? simulation.transactionsPlanned() >= wanted
                      : amounts.singles() >= CHECKED);
      simulation.stopInjecting();
      simulation.drained().get();
      System.out.printf(
          "%d events sent in %.1f s%n",
          simulation.eventsSent(), (System.nanoTime() - beganNanos) / 1e9);
      stage.awaitJudged(simulation.lastDeadlineMs());
    }
    try (Connection connection = stage.connect()) {
      return scoreboard.finish(connection);
    }
  }

  /** {@code reconciliation/partition} of those that have had more than one owner. */
  private static Set<String> claimedAgain(Stage stage) throws SQLException {
    Set<String> streams = new TreeSet<>();
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select reconciliation || '/' || partition from partition_progress where epoch >"
                    + " 1")) {
      while (rows.next()) {
        streams.add(rows.getString(1));
      }
    }
    return streams;
  }

  /** A subscription is not confirmed: it is there when something comes. */
  private static void subscribe(Node node, NodeClient client, String address) {
    await().until(() -> client.lines("open").size() == 1);
    client.say("register " + address);
    await()
        .until(
            () -> {
              node.vertx().eventBus().publish(address, "{}", Messages.LOCAL);
              return client.hears(address);
            });
    assertThat(Addresses.BROWSER).contains(address);
  }
}
