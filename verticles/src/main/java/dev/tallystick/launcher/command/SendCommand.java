package dev.tallystick.launcher.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.launcher.Console;
import dev.tallystick.launcher.Session;
import dev.tallystick.launcher.Subcommand;
import dev.tallystick.launcher.WrongUsage;
import dev.tallystick.launcher.config.Configuration;
import dev.tallystick.launcher.endpoints.Servers;
import dev.tallystick.launcher.node.StartFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends one event, as the source itself would. */
@Command(
    name = "send",
    description = "Sends one event to its source's topic.",
    mixinStandardHelpOptions = true)
public final class SendCommand extends Subcommand {

  private static final int WAIT_SECONDS = 20;

  @Option(names = "--source", required = true, description = "Who reports: gateway, bank, …")
  private String source = "";

  @Option(names = "--txn", required = true, paramLabel = "ID", description = "Transaction id.")
  private String txnId = "";

  @Option(names = "--amount", paramLabel = "N", description = "In minor units (default: 50000).")
  private long amountMinor = 50_000;

  @Option(names = "--currency", paramLabel = "C", description = "ISO 4217 (default: INR).")
  private String currency = "INR";

  @Option(names = "--status", paramLabel = "S", description = "Default: SUCCESS.")
  private String status = "SUCCESS";

  @Option(names = "--type", paramLabel = "T", description = "Default: PAYMENT_CAPTURED.")
  private String type = "PAYMENT_CAPTURED";

  @Option(names = "--channel", paramLabel = "C", description = "Default: none.")
  private @Nullable String channel;

  public SendCommand(Session session) {
    super(session);
  }

  @Override
  protected String name() {
    return "send";
  }

  @Override
  protected int run(Session in) {
    Configuration configuration = in.configuration();
    String topic = topic(configuration);
    if (txnId.isBlank()) {
      throw new WrongUsage("--txn: is empty");
    }
    in.log();
    Servers servers = Servers.ofLiving(configuration, in.dataDirectory());
    if (servers == null && configuration.embedded()) {
      throw new StartFailure(
          StartFailure.UNAVAILABLE,
          "--data: %s: no running servers; './tallystick demo' or 'start' runs them"
              .formatted(in.dataDirectory()));
    }
    RecordMetadata at = produce(servers == null ? Servers.external(configuration) : servers, topic);
    in.console().say("%s → %s/%d/%d".formatted(txnId, at.topic(), at.partition(), at.offset()));
    in.console()
        .emit(
            Console.result("send", true)
                .put("topic", at.topic())
                .put("partition", at.partition())
                .put("offset", at.offset()));
    return OK;
  }

  private String topic(Configuration configuration) {
    Map<String, String> topics = new TreeMap<>();
    for (Reconciliation definition : configuration.definitions()) {
      for (SourceRule rule : definition.sources()) {
        topics.putIfAbsent(rule.name(), rule.topic());
      }
    }
    String topic = topics.get(source.toLowerCase(Locale.ROOT));
    if (topic == null) {
      throw new WrongUsage(
          "--source: %s is unknown; known: %s"
              .formatted(source, String.join(", ", topics.keySet())));
    }
    return topic;
  }

  private byte[] event() {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("txn_id", txnId)
            .put("source", source.toLowerCase(Locale.ROOT))
            .put("event_type", type)
            .put("status", status)
            .put("amount", amountMinor)
            .put("currency", currency)
            .put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    if (channel != null) {
      event.put("channel", channel);
    }
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private RecordMetadata produce(Servers servers, String topic) {
    Map<String, Object> properties = new HashMap<>(servers.kafka());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WAIT_SECONDS * 1_000);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
      byte[] key = txnId.getBytes(StandardCharsets.UTF_8);
      return producer
          .send(new ProducerRecord<>(topic, key, event()))
          .get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw unavailable(servers, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(servers, e);
    }
  }

  private static StartFailure unavailable(Servers servers, Exception e) {
    return new StartFailure(
        StartFailure.UNAVAILABLE,
        "kafka.bootstrap: %s: the event was not acknowledged: %s"
            .formatted(servers.bootstrap(), e.getMessage()),
        e);
  }
}
