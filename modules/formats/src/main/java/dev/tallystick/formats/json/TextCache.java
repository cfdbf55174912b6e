package dev.tallystick.formats.json;

import org.jspecify.annotations.Nullable;

/**
 * One String for each of the few texts that come a million times: types, statuses, currencies,
 * channels. Bounded: a slot remembers the last text that fell into it, so rare texts only cost what
 * they would cost anyway. Belongs to one thread.
 */
final class TextCache {

  private static final int SLOTS = 256;

  private final @Nullable String[] slots = new @Nullable String[SLOTS];

  String get(char[] chars, int offset, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + chars[offset + i];
    }
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    String known = slots[slot];
    if (known != null && matches(known, chars, offset, length)) {
      return known;
    }
    String text = new String(chars, offset, length);
    slots[slot] = text;
    return text;
  }

  private static boolean matches(String known, char[] chars, int offset, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
