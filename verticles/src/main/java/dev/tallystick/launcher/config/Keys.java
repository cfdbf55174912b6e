package dev.tallystick.launcher.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The closed list of keys, and how each is called in the environment. */
final class Keys {

  static final String PREFIX = "TALLYSTICK_";
  static final String FILE_SUFFIX = "_FILE";
  static final String PROPERTIES = "kafka.properties";
  static final String LIMITS = "limits";

  /** Section → its keys. */
  static final Map<String, List<String>> SECTIONS = sections();

  static final List<String> TOP = top();

  /** Of the launcher script and the process, not of the configuration. */
  static final Set<String> OTHER_VARIABLES =
      Set.of("TALLYSTICK_HOME", "TALLYSTICK_HEAP", "TALLYSTICK_JAVA_OPTS");

  private static final Set<String> SECRETS = Set.of("storage.password");

  private Keys() {}

  private static Map<String, List<String>> sections() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    sections.put("http", List.of("host", "port", "trusted-proxies", "open-ingest"));
    sections.put("kafka", List.of("bootstrap", "properties"));
    sections.put("storage", List.of("url", "user", "password"));
    sections.put("redis", List.of("url"));
    sections.put("identity", List.of("issuer", "audience"));
    sections.put(
        "engine",
        List.of(
            "open-max", "materialize-after", "skew", "record-skew", "record-max", "max-events"));
    sections.put("test", List.of("scenarios"));
    return sections;
  }

  private static List<String> top() {
    List<String> top = new ArrayList<>(SECTIONS.keySet());
    top.addAll(List.of("services", LIMITS, "reconciliations"));
    return List.copyOf(top);
  }

  /** Variable → path, of every key with a single value. */
  static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>(List.of("services", "reconciliations"));
    SECTIONS.forEach((section, keys) -> keys.forEach(key -> paths.add(section + "." + key)));
    paths.remove(PROPERTIES);
    for (String path : paths) {
      variables.put(variable(path), path);
    }
    for (String secret : SECRETS) {
      variables.put(variable(secret) + FILE_SUFFIX, secret);
    }
    return variables;
  }

  static String variable(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static boolean isSecret(String path) {
    return SECRETS.contains(path) || path.startsWith(PROPERTIES);
  }
}
