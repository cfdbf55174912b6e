package dev.tallystick.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class TimeTextProperty {

  @Property
  void saysWhatInstantSays(
      @ForAll @LongRange(min = -62_167_219_200_000L, max = 253_402_300_799_999L) long ms) {
    String text = TimeText.of(ms);
    assertThat(text).hasSize(24);
    assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(ms);
  }

  @Example
  void alwaysThreeDigits() {
    assertThat(TimeText.of(0)).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(TimeText.of(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
    assertThat(TimeText.of(1_766_052_930_120L)).isEqualTo("2025-12-18T10:15:30.120Z");
  }

  @Example
  void fourDigitsOfYearAreAllThereIs() {
    assertThatIllegalArgumentException().isThrownBy(() -> TimeText.of(253_402_300_800_000L));
    assertThatIllegalArgumentException().isThrownBy(() -> TimeText.of(-62_167_219_200_001L));
  }
}
