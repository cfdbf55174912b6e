package dev.tallystick.formats.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes that are no UTF-8 (RFC 3629). The JSON parser lets overlong forms and encoded
 * surrogates pass; two spellings of one text would then have one hash.
 */
final class StrictUtf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private StrictUtf8() {}

  /** Index of the first byte of the first wrong sequence, or −1. */
  static int firstWrong(byte[] bytes) {
    int i = asciiPrefix(bytes);
    while (i < bytes.length) {
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** Most payloads are ASCII; eight bytes at a time are looked at. */
  private static int asciiPrefix(byte[] bytes) {
    int i = 0;
    while (i + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    return i;
  }

  /** 1 to 4, or 0 for none. The second byte's range rules out overlong forms and surrogates. */
  private static int sequenceLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    } else if (lead < 0xC2) {
      return 0;
    } else if (lead < 0xE0) {
      return within(bytes, at + 1, 0x80, 0xBF) ? 2 : 0;
    } else if (lead < 0xF0) {
      int low = lead == 0xE0 ? 0xA0 : 0x80;
      int high = lead == 0xED ? 0x9F : 0xBF;
      return within(bytes, at + 1, low, high) && within(bytes, at + 2, 0x80, 0xBF) ? 3 : 0;
    } else if (lead < 0xF5) {
      int low = lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xF4 ? 0x8F : 0xBF;
      return within(bytes, at + 1, low, high)
              && within(bytes, at + 2, 0x80, 0xBF)
              && within(bytes, at + 3, 0x80, 0xBF)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean within(byte[] bytes, int at, int low, int high) {
    return at < bytes.length && (bytes[at] & 0xFF) >= low && (bytes[at] & 0xFF) <= high;
  }
}
