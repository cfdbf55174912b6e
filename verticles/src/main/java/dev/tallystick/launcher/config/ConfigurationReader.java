package dev.tallystick.launcher.config;

import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.formats.definition.DefinitionReader;
import dev.tallystick.formats.yaml.SettingException;
import dev.tallystick.formats.yaml.YamlNode;
import dev.tallystick.launcher.config.Configuration.Http;
import dev.tallystick.launcher.config.Configuration.Identity;
import dev.tallystick.launcher.config.Configuration.Kafka;
import dev.tallystick.launcher.node.NodeSettings;
import dev.tallystick.storage.postgres.PgAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the layers, each over the one before: {@code config/tallystick.yaml}, the file of {@code
 * --config}, the environment.
 */
public final class ConfigurationReader {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
  private static final Pattern PROXY = Pattern.compile("[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?");
  private static final Pattern BOOTSTRAP =
      Pattern.compile("[^\\s,:]+:[0-9]{1,5}(\\s*,\\s*[^\\s,:]+:[0-9]{1,5})*");
  private static final Pattern REDIS = Pattern.compile("rediss?://[^\\s]+");
  private static final Pattern ISSUER = Pattern.compile("https?://[^\\s]+");
  private static final Pattern LIMIT = Pattern.compile("default|/[^\\s]*");
  private static final long HOUR_MS = 3_600_000;
  private static final int RECORD_MAX_BYTES = 4 << 20; // topics we create take no larger ones

  private enum Services {
    EMBEDDED,
    EXTERNAL
  }

  private record Layer(YamlNode root, Path file) {}

  private final List<Layer> layers = new ArrayList<>();
  private final Environment environment;

  private ConfigurationReader(Environment environment) {
    this.environment = environment;
  }

  /**
   * Reads and checks everything, the definitions included; no server is asked.
   *
   * @param home directory of the program, with {@code config/tallystick.yaml}
   * @param file of {@code --config}; null: none
   * @param variables the process's environment
   * @throws SettingException one line: place, key, value, reason
   */
  public static Configuration read(Path home, @Nullable Path file, Map<String, String> variables) {
    ConfigurationReader reader = new ConfigurationReader(new Environment(variables));
    reader.add(home.resolve("config").resolve("tallystick.yaml"));
    if (file != null) {
      reader.add(file);
    }
    return reader.configuration();
  }

  private void add(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new SettingException(file + ": cannot be read: " + e, e);
    }
    YamlNode root = YamlNode.parse(file.toString(), text);
    root.only(Keys.TOP.toArray(String[]::new));
    Keys.SECTIONS.forEach(
        (section, keys) -> {
          YamlNode found = root.find(section);
          if (found != null) {
            found.only(keys.toArray(String[]::new));
          }
        });
    layers.add(new Layer(root, file));
  }

  private @Nullable Setting find(String path) {
    Setting found = environment.find(path);
    for (int i = layers.size() - 1; found == null && i >= 0; i--) {
      Layer layer = layers.get(i);
      YamlNode node = layer.root();
      for (String key : path.split("\\.")) {
        node = node == null ? null : node.find(key);
      }
      found = node == null ? null : Setting.ofFile(path, node, layer.file());
    }
    return found;
  }

  private Setting get(String path) {
    Setting found = find(path);
    if (found == null) {
      throw new SettingException(path + ": is set nowhere; config/tallystick.yaml has lost it");
    }
    return found;
  }

  private @Nullable String text(String path, @Nullable Pattern shape, String what) {
    Setting found = find(path);
    if (found == null) {
      return null;
    }
    return shape == null ? found.text() : found.text(shape, what);
  }

  private Configuration configuration() {
    Setting services = get("services");
    boolean embedded = services.choice(Services.class) == Services.EMBEDDED;
    Kafka kafka = new Kafka(text("kafka.bootstrap", BOOTSTRAP, "host:port, host:port …"), kafka());
    PgAddress storage = storage();
    if (!embedded && kafka.bootstrap() == null) {
      throw services.error("needs kafka.bootstrap, which is not set");
    }
    if (!embedded && storage == null) {
      throw services.error("needs storage.url, which is not set");
    }
    Setting reconciliations = get("reconciliations");
    Path directory = reconciliations.directory();
    List<Reconciliation> definitions = DefinitionReader.readDirectory(directory);
    return new Configuration(
        http(),
        embedded,
        kafka,
        storage,
        text("redis.url", REDIS, "redis://host:port"),
        new Identity(
            text("identity.issuer", ISSUER, "an http or https address"),
            text("identity.audience", null, "")),
        engine(),
        get("test.scenarios").flag(),
        limits(),
        directory,
        definitions);
  }

  private Http http() {
    Setting proxies = find("http.trusted-proxies");
    List<String> trusted = proxies == null ? List.of() : proxies.texts();
    for (String proxy : trusted) {
      if (proxies != null && !PROXY.matcher(proxy).matches()) {
        throw proxies.problem(proxy + " is not an address or network (10.0.0.0/8)");
      }
    }
    return new Http(
        get("http.host").text(HOST, "a host name or address"),
        get("http.port").integer(0, 65_535),
        trusted,
        get("http.open-ingest").flag());
  }

  private @Nullable PgAddress storage() {
    Setting url = find("storage.url");
    Setting user = find("storage.user");
    Setting password = find("storage.password");
    String name = user == null ? "tallystick" : user.text();
    String secret = password == null ? "" : password.text();
    return url == null ? null : PostgresUrl.read(url, name, secret);
  }

  private NodeSettings.Engine engine() {
    return new NodeSettings.Engine(
        get("engine.open-max").integer(100, 10_000_000),
        get("engine.materialize-after").durationMs(0, HOUR_MS),
        get("engine.skew").durationMs(0, HOUR_MS),
        get("engine.record-skew").durationMs(0, HOUR_MS),
        get("engine.record-max").integer(1_024, RECORD_MAX_BYTES),
        get("engine.max-events").integer(1, 10_000));
  }

  /** Client properties of all layers, key by key. */
  private Map<String, String> kafka() {
    Map<String, String> all = new TreeMap<>();
    for (Layer layer : layers) {
      YamlNode section = layer.root().find("kafka");
      YamlNode properties = section == null ? null : section.find("properties");
      if (properties != null) {
        properties
            .entries()
            .forEach(
                (name, value) -> {
                  if (name.equals("bootstrap.servers")) {
                    throw value.problem("is set by kafka.bootstrap");
                  }
                  Setting setting =
                      Setting.ofFile(Keys.PROPERTIES + "." + name, value, layer.file());
                  all.put(name, setting.text());
                });
      }
    }
    all.putAll(environment.kafkaProperties());
    return all;
  }

  private Map<String, Integer> limits() {
    Map<String, Integer> all = new LinkedHashMap<>();
    for (Layer layer : layers) {
      YamlNode limits = layer.root().find(Keys.LIMITS);
      if (limits != null) {
        limits
            .entries()
            .forEach(
                (path, value) -> {
                  if (!LIMIT.matcher(path).matches()) {
                    throw value.problem("is neither a path (/transactions) nor default");
                  }
                  all.put(path, (int) value.integer(1, 1_000_000));
                });
      }
    }
    return Map.copyOf(all);
  }
}
