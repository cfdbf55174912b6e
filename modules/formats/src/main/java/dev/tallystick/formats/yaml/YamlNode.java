package dev.tallystick.formats.yaml;

import dev.tallystick.core.model.Event;
import dev.tallystick.formats.Excerpt;
import dev.tallystick.formats.Rfc3339;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of a YAML file, with its key and its place. Every getter throws {@link
 * SettingException} when the value is not what it asks for; what a getter does not ask for is not
 * guessed: a number is no text, {@code yes} is no boolean, {@code 010} is no integer.
 *
 * <p>A value under a key has the key's line and column (there people look), a list's item its own;
 * both from 1.
 */
public final class YamlNode {

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");

  private final String file;
  private final String key;
  private final Mark mark;
  private final Node node;

  YamlNode(String file, String key, Mark mark, Node node) {
    this.file = file;
    this.key = key;
    this.mark = mark;
    this.node = node;
  }

  /**
   * The root of a file.
   *
   * @param file as errors shall name it
   * @param text at most 256 KiB; one document without tags of its own, anchors, aliases, merges and
   *     duplicate keys
   */
  public static YamlNode parse(String file, String text) {
    return YamlText.parse(file, text);
  }

  /** The key it stands under, {@code key[i]} for the items of a list, empty for the root. */
  public String key() {
    return key;
  }

  /** {@code file:line:column}. */
  public String place() {
    return YamlText.place(file, mark);
  }

  /** An error about this value: place, key, the value as written, and the reason. */
  public SettingException error(String reason) {
    return problem(shown() + " " + reason);
  }

  /** An error at this place that shows no value. */
  public SettingException problem(String what) {
    return new SettingException(place() + ": " + (key.isEmpty() ? "" : key + ": ") + what);
  }

  private String shown() {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar when scalar.isPlain() -> Excerpt.plain(scalar.getValue());
      case ScalarNode scalar -> Excerpt.quote(scalar.getValue());
      case SequenceNode list -> "a list";
      default -> "a mapping";
    };
  }

  // Mappings

  /** This mapping, if it has no other keys. */
  public YamlNode only(String... known) {
    for (YamlNode entry : entries().values()) {
      if (!Arrays.asList(known).contains(entry.key)) {
        throw entry.problem("unknown key; known here: " + String.join(", ", known));
      }
    }
    return this;
  }

  /** The mapping's values by key, in the order of the file. */
  public Map<String, YamlNode> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw error("is not a mapping");
    }
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = ((ScalarNode) tuple.getKeyNode()).getValue();
      Mark place = tuple.getKeyNode().getStartMark();
      entries.put(name, new YamlNode(file, Excerpt.plain(name), place, tuple.getValueNode()));
    }
    return entries;
  }

  /** The value under that key, or null. */
  public @Nullable YamlNode find(String name) {
    return entries().get(name);
  }

  /** The value under that key. */
  public YamlNode get(String name) {
    YamlNode found = find(name);
    if (found == null) {
      throw problem("missing key " + name);
    }
    return found;
  }

  // Lists

  /** The items of a list. */
  public List<YamlNode> items() {
    if (!(node instanceof SequenceNode list)) {
      throw error("is not a list");
    }
    List<YamlNode> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      String name = key + "[" + items.size() + "]";
      items.add(new YamlNode(file, name, item.getStartMark(), item));
    }
    return items;
  }

  // Single values

  /** A text that is not empty. */
  public String text() {
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      throw error("is not a text (write it in quotes)");
    }
    if (scalar.getValue().isEmpty()) {
      throw error("is empty");
    }
    return scalar.getValue();
  }

  /**
   * A text of that shape.
   *
   * @param shape matched against the whole text
   * @param what is expected, for the error
   */
  public String text(Pattern shape, String what) {
    String text = text();
    if (!shape.matcher(text).matches()) {
      throw error("is not " + what);
    }
    return text;
  }

  /** A decimal integer from {@code min} to {@code max}. */
  public long integer(long min, long max) {
    String digits = scalar(Tag.INT);
    if (digits == null || !INTEGER.matcher(digits).matches()) {
      throw error("is not an integer");
    }
    try {
      long value = Long.parseLong(digits);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException beyondLong) {
      // The range below says it.
    }
    throw error("is not within " + min + " to " + max);
  }

  /** {@code true} or {@code false}. */
  public boolean flag() {
    String word = scalar(Tag.BOOL);
    if (word != null && (word.equals("true") || word.equals("false"))) {
      return word.equals("true");
    }
    throw error("is not true or false");
  }

  /** A duration such as {@code 500ms}, {@code 60s}, {@code 5m}, {@code 2h}, {@code 1d}, in ms. */
  public long durationMs(long minMs, long maxMs) {
    Matcher matcher = DURATION.matcher(node instanceof ScalarNode scalar ? scalar.getValue() : "");
    if (!matcher.matches()) {
      throw error("is not a duration (60s, 5m, 2h)");
    }
    long count = Long.parseLong(matcher.group(1));
    long unitMs =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    if (count > maxMs / unitMs || count * unitMs < minMs) {
      throw error("is not within " + minMs + "ms to " + maxMs + "ms");
    }
    return count * unitMs;
  }

  /** An RFC 3339 time with an offset, quoted or not, in epoch milliseconds. */
  public long timeMs() {
    long ms = node instanceof ScalarNode scalar ? Rfc3339.parseMs(scalar.getValue()) : Event.NONE;
    if (ms == Event.NONE) {
      throw error("is not a time with an offset (2025-12-18T10:15:30Z)");
    }
    return ms;
  }

  /** The constant of that name in lower case, with {@code -} for {@code _}. */
  public <E extends Enum<E>> E choice(Class<E> choices) {
    List<String> names = new ArrayList<>();
    for (E constant : choices.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(scalar(Tag.STR))) {
        return constant;
      }
      names.add(name);
    }
    throw error("is not one of " + String.join(", ", names));
  }

  private @Nullable String scalar(Tag tag) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(tag)
        ? scalar.getValue()
        : null;
  }
}
