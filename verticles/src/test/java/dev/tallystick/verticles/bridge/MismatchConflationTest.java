package dev.tallystick.verticles.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MismatchConflationTest {

  private final MismatchConflation conflation = new MismatchConflation();

  @Test
  void fiftyOfASecondPassAndTheRestIsOneMessage() {
    for (int seq = 1; seq <= 50; seq++) {
      assertThat(conflation.passes(0, "settlement/3", seq)).isTrue();
    }
    assertThat(conflation.passes(999, "settlement/3", 51)).isFalse();
    assertThat(conflation.passes(999, "payments/0", 7)).isFalse();
    assertThat(conflation.passes(1_500, "settlement/3", 52))
        .as("there is room again, but nothing overtakes")
        .isFalse();
    assertThat(conflation.take())
        .isEqualTo(
            "{\"v\":1,\"conflated\":3,\"seq\":{\"payments/0\":[7,7],\"settlement/3\":[51,52]}}");
    assertThat(conflation.isGathering()).isFalse();
    assertThat(conflation.passes(1_500, "settlement/3", 53)).isTrue();
  }

  @Test
  void whatComesAgainAfterAFailOverWidensNothing() {
    for (int seq = 1; seq <= 50; seq++) {
      conflation.passes(0, "settlement/3", seq);
    }
    conflation.passes(10, "settlement/3", 51);
    conflation.passes(10, "settlement/3", 52);
    conflation.passes(20, "settlement/3", 51);
    assertThat(conflation.take()).contains("[51,52]");
  }
}
