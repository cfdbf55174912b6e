package dev.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.embedded.fault.TcpFault;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine is cut off, the world goes on: that is what two listeners are for. */
class KafkaBehindFaultIT {
  @TempDir Path dir;

  @Test
  void consumerBehindTheProxyIsCutOffWhileTheProducerGoesOn() throws Exception {
    try (var fault = TcpFault.open();
        var kafka = EmbeddedKafka.start(dir, 0, fault)) {
      Witness.createTopic(kafka.bootstrap());
      try (var producer = Witness.producer(kafka.bootstrap());
          var consumer = Witness.consumer(fault.address())) {
        producer.send(new ProducerRecord<>(Witness.TOPIC, "one")).get(30, TimeUnit.SECONDS);
        assertThat(Witness.read(consumer, 1)).containsExactly("one");

        fault.cut();
        assertThat(fault.droppedCount())
            .as("all its connections went through the proxy")
            .isGreaterThanOrEqualTo(2);
        producer.send(new ProducerRecord<>(Witness.TOPIC, "two")).get(30, TimeUnit.SECONDS);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  assertThat(consumer.poll(Duration.ofMillis(50)).count())
                      .as("records that got through")
                      .isZero();
                  return fault.refusedCount() >= 3;
                });

        fault.restore();
        assertThat(Witness.read(consumer, 1)).isEqualTo(List.of("two"));
      }
    }
  }

  @Test
  void clientOfPostgresBehindTheProxyIsCutOff() throws Exception {
    try (var postgres = EmbeddedPostgresServer.start(dir);
        var fault = TcpFault.to(postgres.host(), postgres.port())) {
      var url = "jdbc:postgresql://" + fault.address() + "/" + postgres.database();
      try (var connection =
          DriverManager.getConnection(url, postgres.user(), postgres.password())) {
        assertThat(connection.isValid(5)).isTrue();
        fault.cut();
        assertThat(connection.isValid(5)).isFalse();
      }
      fault.restore();
      try (var connection =
          DriverManager.getConnection(url, postgres.user(), postgres.password())) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }
}
