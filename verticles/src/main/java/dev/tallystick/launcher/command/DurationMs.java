package dev.tallystick.launcher.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500ms}, {@code 60s}, {@code 5m} or {@code 1h} to milliseconds; 1 ms to 30 days. */
final class DurationMs implements ITypeConverter<Long> {

  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final long MAX_MS = 30L * 86_400_000;

  DurationMs() {}

  @Override
  public Long convert(String text) {
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException("'" + text + "' is not a duration (60s, 5m, 1h)");
    }
    long unitMs =
        switch (parts.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    long ms = Long.parseLong(parts.group(1)) * unitMs;
    if (ms < 1 || ms > MAX_MS) {
      throw new TypeConversionException("'" + text + "' is not within 1ms to 30 days");
    }
    return ms;
  }
}
