package dev.tallystick.formats.yaml;

import dev.tallystick.formats.Excerpt;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * From text to nodes, and the parts of YAML that a configuration does not need refused: what is
 * left means what it looks like, and cannot grow beyond its text.
 */
final class YamlText {

  private static final int LENGTH_MAX = 256 * 1024;
  private static final int DEPTH_MAX = 20;

  private static final Set<Tag> TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP);

  private final String file;

  private YamlText(String file) {
    this.file = file;
  }

  static YamlNode parse(String file, String text) {
    YamlText reader = new YamlText(file);
    Node root = reader.compose(text);
    reader.check(root);
    return new YamlNode(file, "", root.getStartMark(), root);
  }

  static String place(String file, @Nullable Mark mark) {
    return mark == null
        ? file + ":1:1"
        : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private Node compose(String text) {
    if (text.length() > LENGTH_MAX) {
      throw new SettingException(
          place(file, null) + ": is longer than " + LENGTH_MAX + " characters");
    }
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(0);
    Node root;
    try {
      root = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new SettingException(
          place(file, e.getProblemMark()) + ": is no YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new SettingException(
          place(file, null) + ": is no YAML: " + Objects.requireNonNullElse(e.getMessage(), ""), e);
    }
    if (root == null) {
      throw new SettingException(place(file, null) + ": is empty");
    }
    return root;
  }

  /** An anchor is met before its aliases, so none is ever followed. */
  private void check(Node node) {
    if (node.getAnchor() != null) {
      throw refused(node, "anchors and aliases are not read: &" + Excerpt.plain(node.getAnchor()));
    }
    if (!TAGS.contains(node.getTag())) {
      throw refused(node, "tags are not read: " + Excerpt.plain(node.getTag().getValue()));
    }
    switch (node) {
      case MappingNode mapping -> checkEntries(mapping);
      case SequenceNode list -> list.getValue().forEach(this::check);
      default -> {}
    }
  }

  private void checkEntries(MappingNode mapping) {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw refused(entry.getKeyNode(), "a key must be a text");
      }
      if (key.getTag().equals(Tag.MERGE)) {
        throw refused(key, "<<: merges are not read");
      }
      check(key);
      if (!seen.add(key.getValue())) {
        throw refused(key, Excerpt.plain(key.getValue()) + ": duplicate key");
      }
      check(entry.getValueNode());
    }
  }

  private SettingException refused(Node node, String why) {
    return new SettingException(place(file, node.getStartMark()) + ": " + why);
  }
}
