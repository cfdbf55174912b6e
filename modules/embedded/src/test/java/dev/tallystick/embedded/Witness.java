package dev.tallystick.embedded;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/**
 * Leaves a mark in each of the three servers, through their ordinary clients, and finds it again.
 */
final class Witness {
  static final String TOPIC = "marks";

  private final Addresses at;

  Witness(Addresses at) {
    this.at = at;
  }

  /** Returns when all three have acknowledged the mark. */
  void leave(String mark) throws Exception {
    createTopic(at.kafkaBootstrap());
    try (var producer = producer(at.kafkaBootstrap())) {
      producer.send(new ProducerRecord<>(TOPIC, mark, mark)).get(30, TimeUnit.SECONDS);
    }
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists marks (mark text primary key)");
      statement.execute("insert into marks values ('" + mark + "')");
    }
    redis("SET", mark, "1");
  }

  List<String> inKafka(int expected) {
    try (var consumer = consumer(at.kafkaBootstrap())) {
      return read(consumer, expected);
    }
  }

  List<String> inPostgres() throws SQLException {
    var marks = new ArrayList<String>();
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select mark from marks order by mark")) {
      while (rows.next()) {
        marks.add(rows.getString(1));
      }
    }
    return marks;
  }

  boolean inRedis(String mark) throws IOException {
    return redis("EXISTS", mark).equals(":1");
  }

  Connection connect() throws SQLException {
    return connect(at.user(), at.password());
  }

  Connection connect(String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + at.postgresHost() + ":" + at.postgresPort() + "/" + at.database(),
        user,
        password);
  }

  String setting(String name) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select current_setting('" + name + "')")) {
      rows.next();
      return rows.getString(1);
    }
  }

  static void createTopic(String bootstrap) throws InterruptedException, ExecutionException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      if (!admin.listTopics().names().get().contains(TOPIC)) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
    }
  }

  static KafkaProducer<String, String> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "acks", "all"),
        new StringSerializer(),
        new StringSerializer());
  }

  /** Assigned to the only partition, at its beginning. */
  static KafkaConsumer<String, String> consumer(String bootstrap) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                bootstrap,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
    return consumer;
  }

  /** Polls until so many more records have come. */
  static List<String> read(KafkaConsumer<String, String> consumer, int expected) {
    var marks = new ArrayList<String>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(100)).forEach(r -> marks.add(r.value()));
              return marks.size() >= expected;
            });
    return marks;
  }

  /** Redis's inline protocol: one line there, one line back. */
  private String redis(String... command) throws IOException {
    var url = URI.create(at.redisUrl());
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write((String.join(" ", command) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      var answer = new StringBuilder();
      for (int c = socket.getInputStream().read();
          c != '\r' && c >= 0;
          c = socket.getInputStream().read()) {
        answer.append((char) c);
      }
      return answer.toString();
    }
  }
}
