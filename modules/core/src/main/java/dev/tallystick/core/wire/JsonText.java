package dev.tallystick.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text without spaces. For the few texts that are compared or hashed byte by byte, so
 * that no library's choice of escapes can change them. Not thread-safe.
 */
public final class JsonText {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out;
  private boolean first = true;

  public JsonText(int capacity) {
    out = new StringBuilder(capacity);
  }

  public JsonText openObject() {
    separate();
    out.append('{');
    first = true;
    return this;
  }

  public JsonText closeObject() {
    out.append('}');
    first = false;
    return this;
  }

  public JsonText openArray() {
    separate();
    out.append('[');
    first = true;
    return this;
  }

  public JsonText closeArray() {
    out.append(']');
    first = false;
    return this;
  }

  /** The name of the next value. */
  public JsonText name(String name) {
    separate();
    quote(name);
    out.append(':');
    first = true;
    return this;
  }

  public JsonText value(@Nullable String value) {
    separate();
    if (value == null) {
      out.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  public JsonText value(long value) {
    separate();
    out.append(value);
    return this;
  }

  public JsonText nothing() {
    separate();
    out.append("null");
    return this;
  }

  /** A named text, left out when it is null. */
  public JsonText optional(String name, @Nullable String value) {
    return value == null ? this : name(name).value(value);
  }

  private void separate() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  private void quote(String text) {
    out.append('"');
    int plain = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\') {
        continue;
      }
      out.append(text, plain, i);
      plain = i + 1;
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    out.append(text, plain, length).append('"');
  }

  /** The text so far. */
  @Override
  public String toString() {
    return out.toString();
  }
}
