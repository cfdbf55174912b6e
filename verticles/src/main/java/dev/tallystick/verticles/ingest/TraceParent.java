package dev.tallystick.verticles.ingest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header by which a trace goes on (W3C Trace Context, level 1). */
final class TraceParent {

  static final String NAME = "traceparent";

  /** Version, trace, parent, flags: all zeros are no trace and no parent, ff is no version. */
  private static final Pattern VALID =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceParent() {}

  /** The same text, or null when it names no trace: a broken one is not passed on. */
  static @Nullable String valid(@Nullable String text) {
    return text != null && VALID.matcher(text).matches() ? text : null;
  }
}
