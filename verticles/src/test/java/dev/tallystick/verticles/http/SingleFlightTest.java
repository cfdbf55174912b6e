package dev.tallystick.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A question that is being answered is not asked again. */
class SingleFlightTest {

  private final SingleFlight<String, Integer> flights = new SingleFlight<>();
  private final List<Promise<Integer>> asked = new ArrayList<>();

  private Future<Integer> ask(String question) {
    return flights.ask(
        question,
        () -> {
          Promise<Integer> promise = Promise.promise();
          asked.add(promise);
          return promise.future();
        });
  }

  @Test
  void whoAsksMeanwhileGetsTheSameAnswer() {
    Future<Integer> first = ask("a");
    Future<Integer> second = ask("a");
    Future<Integer> other = ask("b");
    assertThat(asked).hasSize(2);

    asked.getFirst().complete(1);
    assertThat(first.result()).isEqualTo(1);
    assertThat(second.result()).isEqualTo(1);
    assertThat(other.isComplete()).isFalse();
  }

  @Test
  void nothingIsKeptNotEvenAFailure() {
    Future<Integer> failed = ask("a");
    asked.getFirst().fail("away");
    assertThat(failed.failed()).isTrue();

    Future<Integer> again = ask("a");
    assertThat(asked).hasSize(2);
    asked.getLast().complete(2);
    assertThat(again.result()).isEqualTo(2);
  }
}
