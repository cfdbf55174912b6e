package dev.tallystick.launcher.config;

import dev.tallystick.formats.Excerpt;
import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.formats.yaml.YamlNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One value with the place it comes from: a file's line and column, or a variable's name. Errors
 * begin with that place; those about a secret do not show it.
 */
final class Setting {

  private final String path;
  private final @Nullable YamlNode node;
  private final String variable;
  private final String text;
  private final @Nullable Path file;

  private Setting(
      String path, @Nullable YamlNode node, String variable, String text, @Nullable Path file) {
    this.path = path;
    this.node = node;
    this.variable = variable;
    this.text = text;
    this.file = file;
  }

  /**
   * @param file relative paths count from it
   */
  static Setting ofFile(String path, YamlNode node, Path file) {
    return new Setting(path, node, "", "", file);
  }

  static Setting ofVariable(String variable, String path, String text) {
    return new Setting(path, null, variable, text, null);
  }

  String text() {
    if (node == null) {
      if (text.isBlank()) {
        throw new SettingException(variable + ": is empty");
      }
      return text;
    }
    if (!Keys.isSecret(path)) {
      return node.text();
    }
    try {
      return node.text();
    } catch (SettingException e) {
      throw node.problem("is not a text (write it in quotes)");
    }
  }

  /** A text of that shape. */
  String text(Pattern shape, String what) {
    String value = text();
    if (!shape.matcher(value).matches()) {
      throw error("is not " + what);
    }
    return value;
  }

  int integer(int min, int max) {
    return (int) (long) read(yaml -> yaml.integer(min, max));
  }

  boolean flag() {
    return read(YamlNode::flag);
  }

  long durationMs(long minMs, long maxMs) {
    return read(yaml -> yaml.durationMs(minMs, maxMs));
  }

  <E extends Enum<E>> E choice(Class<E> choices) {
    return read(yaml -> yaml.choice(choices));
  }

  /** A list of texts; in a variable they are separated by commas. */
  List<String> texts() {
    if (node != null) {
      return node.items().stream().map(YamlNode::text).toList();
    }
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  /** A directory that is there, absolute; relative ones count from the file that names them. */
  Path directory() {
    Path named = file == null ? Path.of(text()) : file.resolveSibling(text());
    Path found = named.toAbsolutePath().normalize();
    if (!found.toFile().isDirectory()) {
      throw error("is not a directory");
    }
    return found;
  }

  /** An error at this place that shows the value. */
  SettingException error(String reason) {
    if (node != null) {
      return node.error(reason);
    }
    return problem((text.isEmpty() ? "" : Excerpt.plain(text) + " ") + reason);
  }

  /** An error at this place that does not show it. */
  SettingException problem(String reason) {
    return node != null ? node.problem(reason) : new SettingException(variable + ": " + reason);
  }

  /** A variable is read as YAML of one value; only its name is worth naming. */
  private <T> T read(Function<YamlNode, T> reader) {
    if (node != null) {
      return reader.apply(node);
    }
    try {
      return reader.apply(YamlNode.parse(variable, text));
    } catch (SettingException e) {
      String place = "^" + Pattern.quote(variable) + ":\\d+:\\d+";
      throw new SettingException(
          String.valueOf(e.getMessage()).replaceFirst(place, Matcher.quoteReplacement(variable)),
          e);
    }
  }
}
