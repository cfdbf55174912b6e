package dev.tallystick.formats.definition;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.formats.condition.ConditionException;
import dev.tallystick.formats.condition.Conditions;
import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.formats.yaml.YamlNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and checks definitions; see {@code config/reconciliations} for two that are commented. */
public final class DefinitionReader {

  /** Of reconciliations, sources and rules: they become parts of topics, addresses and labels. */
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,39}");

  static final String A_NAME = "a name ([a-z][a-z0-9_-]{0,39})";

  private static final Pattern DEFINITION_FILE = Pattern.compile(".+\\.ya?ml");

  private DefinitionReader() {}

  /**
   * One definition.
   *
   * @param fileName as errors shall name it
   * @throws DefinitionException with one line if anything in it is wrong
   */
  public static Reconciliation read(String fileName, String yaml) {
    try {
      return reconciliation(YamlNode.parse(fileName, yaml), yaml);
    } catch (SettingException e) {
      throw new DefinitionException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * All {@code *.yaml} and {@code *.yml} of a directory, in the order of their file names.
   *
   * @throws DefinitionException if one is wrong, if two have one name, or if two read a shared
   *     topic differently
   */
  public static List<Reconciliation> readDirectory(Path directory) {
    List<Reconciliation> read = new ArrayList<>();
    Map<String, Path> files = new HashMap<>();
    for (Path file : definitionFiles(directory)) {
      Reconciliation definition = read(file.toString(), content(file));
      Path other = files.putIfAbsent(definition.name(), file);
      if (other != null) {
        throw new DefinitionException(file + ": name: " + definition.name() + " is in " + other);
      }
      read.add(definition);
    }
    SharedTopics.check(directory, read);
    return List.copyOf(read);
  }

  private static List<Path> definitionFiles(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files =
          entries
              .filter(file -> DEFINITION_FILE.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new DefinitionException(directory + ": no definition (*.yaml) is here");
      }
      return files;
    } catch (IOException e) {
      throw new DefinitionException(directory + ": cannot be listed: " + e, e);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DefinitionException(file + ": cannot be read as UTF-8: " + e, e);
    }
  }

  private static Reconciliation reconciliation(YamlNode root, String yaml) {
    root.only(
        "name", "version", "valid-from", "match-key", "where", "partitions", "sources", "rules");
    String name = root.get("name").text(NAME, A_NAME);
    int version = (int) root.get("version").integer(1, Integer.MAX_VALUE);
    YamlNode validFrom = root.find("valid-from");
    YamlNode matchKey = root.find("match-key");
    if (matchKey != null && !matchKey.text().equals("txn_id")) {
      throw matchKey.error("is not available; the match key is txn_id");
    }
    Condition where = condition(root.find("where"));
    int partitions = (int) root.get("partitions").integer(1, 1024);
    List<SourceRule> sources = SourcesReader.read(root.get("sources"), name);
    return new Reconciliation(
        name,
        version,
        validFrom == null ? Event.NONE : validFrom.timeMs(),
        where == null ? Condition.ALWAYS : where,
        sources,
        RulesReader.read(root.find("rules")),
        partitions,
        sha256(yaml),
        yaml);
  }

  /** The condition of a line, null where there is none. */
  static @Nullable Condition condition(@Nullable YamlNode node) {
    if (node == null) {
      return null;
    }
    try {
      return Conditions.compile(node.text());
    } catch (ConditionException e) {
      throw node.error(String.valueOf(e.getMessage()));
    }
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
