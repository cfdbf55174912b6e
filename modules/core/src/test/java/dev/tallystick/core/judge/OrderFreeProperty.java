package dev.tallystick.core.judge;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class OrderFreeProperty {

  @Property(tries = 300)
  void aVerdictDoesNotDependOnOrder(@ForAll long seed) {
    assertThat(OrderFree.outcome(seed)).isEmpty();
  }
}
