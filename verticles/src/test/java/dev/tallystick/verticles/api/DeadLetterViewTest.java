package dev.tallystick.verticles.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What of a record is shown as text. */
class DeadLetterViewTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void textIsShownUpToALength() {
    assertThat(DeadLetterView.excerpt(utf8("ü€"), 5)).isEqualTo("ü€");
    String large = "x".repeat(2_000);
    assertThat(DeadLetterView.excerpt(utf8(large), 2_000)).hasSize(1_024);
    assertThat(DeadLetterView.excerpt(null, 0)).isNull();
  }

  @Test
  void bytesThatAreNoTextAreNotShown() {
    assertThat(DeadLetterView.excerpt(new byte[] {'a', (byte) 0xff}, 2)).isNull();
    assertThat(DeadLetterView.excerpt(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, 3))
        .as("the record ends inside a character")
        .isNull();
    assertThat(DeadLetterView.excerpt(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, 4))
        .as("only the excerpt does")
        .isEqualTo("a");
  }
}
