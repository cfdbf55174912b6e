package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
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
 * YAML as far as it says what JSON can say: no anchors, tags, merges or keys that are no text. A
 * plain word is a number, true, false or null only where JSON would agree; a time, {@code yes} and
 * {@code 010} are texts.
 */
final class YamlDocument {

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,99})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,3})?");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, String> places = new HashMap<>();

  private YamlDocument() {}

  static Document read(byte[] text) throws ScenarioRefused {
    Document.checkSize(text);
    Node root = compose(text);
    YamlDocument reading = new YamlDocument();
    return new Document(reading.value(root, "", 1), reading.places);
  }

  private static Node compose(byte[] text) throws ScenarioRefused {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(Document.BYTES_MAX);
    limits.setNestingDepthLimit(Document.DEPTH_MAX);
    limits.setMaxAliasesForCollections(0);
    try {
      String characters =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      @Nullable Node root =
          new Yaml(new SafeConstructor(limits)).compose(new StringReader(characters));
      if (root == null) {
        throw ScenarioRefused.unreadable(Objection.at("", "1:1", "", "the text is empty"));
      }
      return root;
    } catch (CharacterCodingException e) {
      throw ScenarioRefused.unreadable(Objection.at("", "", "", "is not UTF-8"));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw ScenarioRefused.unreadable(
          Objection.at("", mark == null ? "" : place(mark), "", "is not YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      throw ScenarioRefused.unreadable(Objection.at("", "", "", "is not YAML: " + e.getMessage()));
    }
  }

  private JsonNode value(Node node, String pointer, int depth) throws ScenarioRefused {
    places.putIfAbsent(pointer, place(node.getStartMark()));
    if (node.getAnchor() != null) {
      throw refused(node, pointer, "&" + node.getAnchor(), "is an anchor; none are taken");
    }
    if (depth > Document.DEPTH_MAX) {
      throw refused(node, pointer, "", "is nested deeper than " + Document.DEPTH_MAX);
    }
    return switch (node) {
      case MappingNode mapping when mapping.getTag().equals(Tag.MAP) ->
          object(mapping, pointer, depth);
      case SequenceNode list when list.getTag().equals(Tag.SEQ) -> array(list, pointer, depth);
      case ScalarNode scalar -> scalar(scalar, pointer);
      default -> throw refused(node, pointer, node.getTag().getValue(), "is a tag; none are taken");
    };
  }

  private ObjectNode object(MappingNode mapping, String pointer, int depth) throws ScenarioRefused {
    ObjectNode object = NODES.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
        throw refused(entry.getKeyNode(), pointer, "", "has a key that is no text");
      }
      String name = key.getValue();
      String member = Document.member(pointer, name);
      if (object.has(name)) {
        throw refused(key, member, name, "stands here twice");
      }
      places.put(member, place(key.getStartMark()));
      object.set(name, value(entry.getValueNode(), member, depth + 1));
    }
    return object;
  }

  private ArrayNode array(SequenceNode list, String pointer, int depth) throws ScenarioRefused {
    ArrayNode array = NODES.arrayNode();
    for (Node item : list.getValue()) {
      array.add(value(item, pointer + "/" + array.size(), depth + 1));
    }
    return array;
  }

  private static JsonNode scalar(ScalarNode scalar, String pointer) throws ScenarioRefused {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (!scalar.isPlain()) {
      if (!tag.equals(Tag.STR)) {
        throw refused(scalar, pointer, tag.getValue(), "is a tag; none are taken");
      }
      return NODES.textNode(text);
    }
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    if (tag.equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
      return NODES.booleanNode(text.equals("true"));
    }
    if (tag.equals(Tag.INT) && INTEGER.matcher(text).matches()) {
      return integer(new BigInteger(text));
    }
    if ((tag.equals(Tag.FLOAT) || tag.equals(Tag.STR)) && DECIMAL.matcher(text).matches()) {
      return NODES.numberNode(new BigDecimal(text));
    }
    return NODES.textNode(text);
  }

  /** The smallest kind that holds it, as Jackson does: nodes of different kinds are not equal. */
  private static JsonNode integer(BigInteger number) {
    int bits = number.bitLength();
    if (bits < Integer.SIZE) {
      return NODES.numberNode(number.intValueExact());
    }
    return bits < Long.SIZE ? NODES.numberNode(number.longValueExact()) : NODES.numberNode(number);
  }

  private static ScenarioRefused refused(Node node, String pointer, String value, String reason) {
    return ScenarioRefused.unreadable(
        Objection.at(pointer, place(node.getStartMark()), value, reason));
  }

  private static String place(Mark mark) {
    return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }
}
