package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallystick.simulator.scenario.StepResult.Status;
import org.jspecify.annotations.Nullable;

/** How a step ended. */
record Outcome(Status status, @Nullable JsonNode actual, @Nullable String reason) {

  static Outcome passed(@Nullable JsonNode actual) {
    return new Outcome(Status.PASSED, actual, null);
  }

  static Outcome failed(@Nullable JsonNode actual, String reason) {
    return new Outcome(Status.FAILED, actual, reason);
  }

  static Outcome error(@Nullable JsonNode actual, String reason) {
    return new Outcome(Status.ERROR, actual, reason);
  }
}
