package dev.tallystick.verticles.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransactionGatheringTest {

  private static final String AS_OF = "2025-12-18T10:15:30.000Z";

  private final TransactionGathering gathering = new TransactionGathering();

  @Test
  void theFirstLeavesAtOnceAndTheNextAQuarterOfASecondLater() {
    gathering.add(3, List.of("b", "a"));
    assertThat(gathering.waitMs(1_000)).isZero();
    assertThat(gathering.take(1_000, AS_OF))
        .isEqualTo("{\"v\":1,\"as_of\":\"%s\",\"conflated\":3,\"items\":[\"b\",\"a\"]}", AS_OF);
    gathering.add(1, List.of("c"));
    gathering.add(2, List.of("e", "d"));
    assertThat(gathering.waitMs(1_001)).isEqualTo(249);
    assertThat(gathering.waitMs(1_250)).isZero();
    assertThat(new JsonObject(gathering.take(1_250, AS_OF)))
        .isEqualTo(
            new JsonObject(
                "{\"v\":1,\"as_of\":\"%s\",\"conflated\":3,\"items\":[\"e\",\"d\",\"c\"]}"
                    .formatted(AS_OF)));
  }

  @Test
  void fiftyOfTheNewestAreNamedAndAllAreCounted() {
    for (int i = 0; i < 60; i += 10) {
      int first = i;
      gathering.add(
          100, IntStream.range(0, 10).mapToObj(n -> first + 9 - n).toList()); // newest first
    }
    JsonObject message = new JsonObject(gathering.take(0, AS_OF));
    assertThat(message.getInteger("conflated")).isEqualTo(600);
    assertThat(message.getJsonArray("items"))
        .isEqualTo(new JsonArray(IntStream.range(0, 50).mapToObj(n -> 59 - n).toList()));
  }
}
