package dev.tallystick.core.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** SHA-256 of an event's canonical form (contracts, section 3); 256 bits held as four longs. */
public record ContentHash(long a, long b, long c, long d) {

  /** Reads the 32 bytes of a SHA-256 digest. */
  public static ContentHash of(byte[] digest) {
    if (digest.length != 32) {
      throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + digest.length);
    }
    ByteBuffer in = ByteBuffer.wrap(digest);
    return new ContentHash(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /** Reads 64 hexadecimal digits. */
  public static ContentHash ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** The 64 lower-case hexadecimal digits. */
  public String toHex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
  }
}
