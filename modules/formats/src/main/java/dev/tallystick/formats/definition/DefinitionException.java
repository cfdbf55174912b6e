package dev.tallystick.formats.definition;

import dev.tallystick.formats.yaml.SettingException;
import org.jspecify.annotations.Nullable;

/** A definition that cannot be used; the message is one line that names the place. */
public final class DefinitionException extends SettingException {
  public DefinitionException(String message) {
    this(message, null);
  }

  public DefinitionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
