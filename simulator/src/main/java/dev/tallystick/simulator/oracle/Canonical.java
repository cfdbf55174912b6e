package dev.tallystick.simulator.oracle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The canonical event (contracts, section 3, "Content"): fields in the order of the page without
 * the event id, no spaces, absent ones left out. Only the two characters and the control characters
 * that JSON forbids are escaped; short escapes for newline, return and tab, else {@code \\u00xx}.
 */
final class Canonical {

  private final StringBuilder out = new StringBuilder(256).append('{');

  Canonical text(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      quote(value);
    }
    return this;
  }

  Canonical number(String name, @Nullable Long value) {
    if (value != null) {
      name(name);
      out.append(value.longValue());
    }
    return this;
  }

  /** Left out when empty. */
  Canonical texts(String name, Map<String, String> sorted) {
    if (!sorted.isEmpty()) {
      name(name);
      out.append(object(sorted));
    }
    return this;
  }

  /** A value that is JSON already. */
  Canonical raw(String name, String json) {
    name(name);
    out.append(json);
    return this;
  }

  String json() {
    return out + "}";
  }

  static String object(Map<String, String> sorted) {
    Canonical inner = new Canonical();
    sorted.forEach(inner::text);
    return inner.json();
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String base64(byte[] digest) {
    return Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  private void name(String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    quote(name);
    out.append(':');
  }

  private void quote(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
