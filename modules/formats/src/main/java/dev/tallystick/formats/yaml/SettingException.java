package dev.tallystick.formats.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A configuration that cannot be used. The message is one line: {@code file:line:column: key: value
 * and reason}. Unchecked, because whoever reads a setting can do nothing about it: the launcher
 * prints the line and exits with 78.
 */
public class SettingException extends RuntimeException {

  public SettingException(String message) {
    this(message, null);
  }

  public SettingException(String message, @Nullable Throwable cause) {
    super(message.replaceAll("\\R\\s*", " "), cause);
  }
}
