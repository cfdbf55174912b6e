package dev.tallystick.formats;

/**
 * A value as an error may show it: in quotes, at most {@link #LIMIT} characters, and without
 * anything that a line of text or a database column cannot hold.
 */
public final class Excerpt {

  /** Characters of a value that are shown; a payload is never shown whole. */
  public static final int LIMIT = 80;

  private Excerpt() {}

  /** {@code "text"}, shortened with an ellipsis. */
  public static String quote(CharSequence text) {
    return '"' + plain(text) + '"';
  }

  /** The same without quotes, for numbers and names. */
  public static String plain(CharSequence text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), LIMIT) + 2);
    int shown = 0;
    int i = 0;
    while (i < text.length() && shown < LIMIT) {
      int c = Character.codePointAt(text, i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
        out.append(String.format("\\u%04x", c));
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c);
      shown++;
    }
    if (i < text.length()) {
      out.append('…');
    }
    return out.toString();
  }
}
