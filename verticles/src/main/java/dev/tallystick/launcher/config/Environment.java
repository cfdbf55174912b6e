package dev.tallystick.launcher.config;

import dev.tallystick.formats.yaml.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The variables {@code TALLYSTICK_…}; one that means nothing is an error, not a wish ignored. */
final class Environment {

  private static final int SECRET_MAX_BYTES = 64 * 1024;

  private record Variable(String name, String text) {}

  private final Map<String, Variable> byPath = new LinkedHashMap<>();
  private final Map<String, String> kafka = new TreeMap<>();

  /**
   * @throws SettingException a variable of ours that is not known, or a secret's file that cannot
   *     be read
   */
  Environment(Map<String, String> variables) {
    Map<String, String> known = Keys.variables();
    String properties = Keys.variable(Keys.PROPERTIES) + "_";
    for (Map.Entry<String, String> entry : new TreeMap<>(variables).entrySet()) {
      String name = entry.getKey();
      String path = known.get(name);
      if (path != null) {
        put(path, name, entry.getValue());
      } else if (name.startsWith(properties) && name.length() > properties.length()) {
        property(name, name.substring(properties.length()), entry.getValue());
      } else if (name.startsWith(Keys.PREFIX) && !Keys.OTHER_VARIABLES.contains(name)) {
        throw new SettingException(
            name + ": unknown variable; the keys are in config/tallystick.yaml");
      }
    }
  }

  private void put(String path, String name, String text) {
    boolean inFile = name.endsWith(Keys.FILE_SUFFIX);
    Variable other = byPath.put(path, new Variable(name, inFile ? content(name, text) : text));
    if (other != null) {
      throw new SettingException(name + ": " + other.name() + " is set too; one of them is enough");
    }
  }

  private void property(String name, String suffix, String text) {
    boolean inFile = suffix.endsWith(Keys.FILE_SUFFIX);
    String key = inFile ? suffix.substring(0, suffix.length() - Keys.FILE_SUFFIX.length()) : suffix;
    String value = inFile ? content(name, text) : text;
    if (kafka.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value) != null) {
      throw new SettingException(name + ": is set twice, once by a file; one of them is enough");
    }
  }

  private static String content(String name, String file) {
    Path path = Path.of(file);
    try {
      if (Files.size(path) > SECRET_MAX_BYTES) {
        throw new SettingException(
            name + ": " + file + " is larger than " + SECRET_MAX_BYTES + " bytes");
      }
      return Files.readString(path).stripTrailing();
    } catch (IOException e) {
      throw new SettingException(name + ": " + file + " cannot be read: " + e, e);
    }
  }

  @Nullable Setting find(String path) {
    Variable variable = byPath.get(path);
    return variable == null ? null : Setting.ofVariable(variable.name(), path, variable.text());
  }

  /** Client property → value. */
  Map<String, String> kafkaProperties() {
    return kafka;
  }
}
