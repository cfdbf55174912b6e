package dev.tallystick.storage.postgres;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.StatusVocabulary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Definitions are registered once, in order, and never change. */
class VersionRegisterIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static final long NOW = Samples.T0;
  private static Pool pool;
  private static VersionRegister register;

  @BeforeAll
  static void open() {
    pool = PgPools.open(VERTX, ServerUnderTest.database(), 6, PgPools.Use.ENGINE);
    register = new VersionRegister(pool);
  }

  @AfterAll
  static void close() {
    await(VERTX.close());
  }

  @Test
  void theFirstVersionHoldsFromTheBeginningALaterOneFromItsTime() {
    StoredVersion first = new StoredVersion(1, Event.NONE, "h1", "text h1");
    assertThat(register(version("plain", 1, NOW - 5, "h1"))).containsExactly(first);
    assertThat(register(version("plain", 1, NOW - 5, "h1"))).containsExactly(first);

    StoredVersion second = new StoredVersion(2, NOW + 60_000, "h2", "text h2");
    assertThat(register(version("plain", 2, Event.NONE, "h2"))).containsExactly(first, second);
    assertThat(register(version("plain", 3, NOW + 90_000, "h3")))
        .containsExactly(first, second, new StoredVersion(3, NOW + 90_000, "h3", "text h3"));
  }

  @Test
  void whatContradictsTheRegisterIsRefusedInOneLine() {
    register(version("strict", 1, Event.NONE, "h1"));
    register(version("strict", 3, NOW + 80_000, "h3"));
    refused(version("strict", 3, NOW + 80_000, "other"))
        .hasMessage(
            "strict@3 is registered with hash h3, the file has other:"
                + " a changed definition needs a new version");
    refused(version("strict", 1, Event.NONE, "h1"))
        .hasMessage("strict: version 1 is older than the registered version 3");
    refused(version("strict", 4, NOW - 1, "h4"))
        .hasMessage(
            "strict@4: valid-from 2025-12-18T10:15:29.999Z is in the past"
                + " (now 2025-12-18T10:15:30Z)");
    refused(version("strict", 4, NOW + 1, "h4"))
        .hasMessageContaining("is before that of version 3, 2025-12-18T10:16:50Z");
    assertThatThrownBy(
            () ->
                await(
                    register.register(
                        List.of(
                            version("strict", 2, Event.NONE, "h2"),
                            version("strict", 3, Event.NONE, "h3")),
                        1,
                        NOW)))
        .hasMessage("strict: version 2 was never registered and is older than 3");
    // Without a time of its own a version never comes into force before the one it follows.
    assertThat(register(version("strict", 4, Event.NONE, "h4")).getLast().validFromMs())
        .isEqualTo(NOW + 80_000);
  }

  @Test
  void oneRefusalRegistersNothing() {
    register(version("b", 2, Event.NONE, "h"));
    List<Reconciliation> both =
        List.of(version("a", 1, Event.NONE, "h"), version("b", 1, Event.NONE, "h"));
    assertThatThrownBy(() -> await(register.register(both, 1, NOW)))
        .isInstanceOf(VersionRefused.class);
    assertThat(
            await(
                    pool.query("select from reconciliation_versions where reconciliation = 'a'")
                        .execute())
                .size())
        .isZero();
  }

  @Test
  void aNodeWithAnOlderJudgeDoesNotStart() {
    List<Reconciliation> one = List.of(version("judge", 1, Event.NONE, "h"));
    await(register.register(one, 2, NOW));
    assertThatThrownBy(() -> await(register.register(one, 1, NOW)))
        .isInstanceOf(VersionRefused.class)
        .hasMessage(
            "judge@1 was registered with judge version 2, this node has 1: run the newer release");
    assertThat(await(register.register(one, 3, NOW))).containsKey("judge");
  }

  @Test
  void nodesThatStartTogetherAgree() {
    for (int round = 0; round < 10; round++) {
      String name = "race" + round;
      List<Future<Map<String, List<StoredVersion>>>> nodes = new ArrayList<>();
      for (int node = 0; node < 6; node++) {
        nodes.add(
            register.register(
                List.of(version(name, 1, Event.NONE, "h"), version(name, 2, Event.NONE, "g")),
                1,
                NOW + node));
      }
      List<StoredVersion> stored = await(nodes.getFirst()).get(name);
      assertThat(stored).hasSize(2);
      nodes.forEach(node -> assertThat(await(node)).containsEntry(name, stored));
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
      Reconciliation definition) {
    return assertThatThrownBy(() -> register(definition)).isInstanceOf(VersionRefused.class);
  }

  private static List<StoredVersion> register(Reconciliation definition) {
    List<StoredVersion> stored =
        await(register.register(List.of(definition), 1, NOW)).get(definition.name());
    return stored == null ? List.of() : stored;
  }

  private static Reconciliation version(String name, int version, long validFromMs, String hash) {
    RuleSet rules = new RuleSet(List.of(), StatusVocabulary.PLAIN, null, null, null);
    return new Reconciliation(
        name, version, validFromMs, Condition.ALWAYS, List.of(), rules, 8, hash, "text " + hash);
  }
}
