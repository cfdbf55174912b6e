package dev.tallystick.launcher.node;

import dev.tallystick.verticles.health.HealthVerticle.Check;
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

/** What {@code /health/ready} asks of the servers. */
final class HealthChecks {

  private HealthChecks() {}

  static List<Check> of(Vertx vertx, Pool pool, NodeSettings settings) {
    Map<String, String> kafka = new HashMap<>();
    settings.kafka().forEach((name, value) -> kafka.put(name, String.valueOf(value)));
    kafka.put("default.api.timeout.ms", "2000");
    kafka.put("request.timeout.ms", "1500");
    KafkaAdminClient admin = KafkaAdminClient.create(vertx, kafka);
    List<Check> checks = new ArrayList<>();
    checks.add(new Check("kafka", true, admin::describeCluster));
    checks.add(new Check("postgres", true, () -> pool.query("select 1").execute()));
    String redisUrl = settings.redisUrl();
    if (redisUrl != null) {
      Redis redis = Redis.createClient(vertx, redisUrl);
      checks.add(new Check("redis", false, () -> redis.send(Request.cmd(Command.PING))));
    } else {
      checks.add(new Check("redis", false, () -> Future.failedFuture("not configured")));
    }
    return checks;
  }
}
