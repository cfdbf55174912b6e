package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All promises of the protocol, under faults, in many worlds. A failing seed repeats by itself. */
class EngineWorld {

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 50})
  void holdsInEveryWorld(int openMax) {
    Map<String, Integer> happened = new TreeMap<>();
    for (long seed = 0; seed < 400; seed++) {
      long shown = seed;
      try {
        World.run(seed, openMax, 1500).forEach((what, n) -> happened.merge(what, n, Integer::sum));
      } catch (WorldStore.Violation | InvariantViolation broken) {
        throw new AssertionError("seed " + shown + " openMax " + openMax, broken);
      }
    }
    System.out.println("openMax " + openMax + ": " + happened);
    assertThat(happened.keySet()) // a fault that never fired proves nothing
        .contains(
            "commit",
            "conflict",
            "crash",
            "crash before commit",
            "fenced",
            "refused",
            "unknown",
            "unknown, but done",
            "zombie");
  }

  @Test
  void theSameSeedIsTheSameWorld() {
    assertThat(World.run(7, 4, 1500)).isEqualTo(World.run(7, 4, 1500));
  }
}
