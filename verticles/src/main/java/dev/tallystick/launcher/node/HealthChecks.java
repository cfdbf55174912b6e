package dev.tallystick.launcher.node;

import dev.tallystick.verticles.health.HealthRoutes.Check;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.admin.KafkaAdminClient;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code /health/ready} asks of the servers. */
final class HealthChecks {

  private final KafkaAdminClient kafka;
  private final @Nullable Redis redis;
  private final List<Check> checks = new ArrayList<>();

  /**
   * @param reading never the engine's connections: whoever asks must not keep it waiting
   */
  HealthChecks(Vertx vertx, Pool reading, NodeSettings settings) {
    Map<String, String> client = new HashMap<>();
    settings.kafka().forEach((name, value) -> client.put(name, String.valueOf(value)));
    client.put("default.api.timeout.ms", "2000");
    client.put("request.timeout.ms", "1500");
    kafka = KafkaAdminClient.create(vertx, client);
    checks.add(new Check("kafka", true, kafka::describeCluster));
    checks.add(new Check("postgres", true, () -> reading.query("select 1").execute()));
    String redisUrl = settings.redisUrl();
    Redis cache = redisUrl == null ? null : Redis.createClient(vertx, redisUrl);
    redis = cache;
    checks.add(
        new Check(
            "redis",
            false,
            () ->
                cache == null
                    ? Future.failedFuture("not configured")
                    : cache.send(Request.cmd(Command.PING))));
  }

  List<Check> checks() {
    return checks;
  }

  Future<?> close() {
    Redis cache = redis;
    if (cache != null) {
      cache.close();
    }
    return kafka.close();
  }
}
