package dev.tallystick.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

class ContentHashTest {

  /** NIST's example for "abc". */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void holdsADigestAndWritesItAsHexadecimal() throws NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.US_ASCII));

    assertThat(ContentHash.of(digest).toHex()).isEqualTo(ABC);
    assertThat(ContentHash.ofHex(ABC)).isEqualTo(ContentHash.of(digest));
    assertThat(new ContentHash(0, 1, 0, -1).toHex())
        .isEqualTo("0".repeat(31) + "1" + "0".repeat(16) + "f".repeat(16));
  }

  @Test
  void anotherLengthIsRefused() {
    assertThatThrownBy(() -> ContentHash.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31");
    assertThatThrownBy(() -> ContentHash.ofHex("ab")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ContentHash.ofHex("zz")).isInstanceOf(IllegalArgumentException.class);
  }
}
