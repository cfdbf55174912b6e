package dev.tallystick.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.formats.yaml.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three layers, and one line about what is wrong. */
class ConfigurationReaderTest {

  private static final Path HOME = Path.of("..");

  @TempDir Path directory;

  private Configuration read(String yaml, Map<String, String> variables) throws IOException {
    Path file = Files.writeString(directory.resolve("own.yaml"), yaml);
    return ConfigurationReader.read(HOME, file, variables);
  }

  @Test
  void theDefaultsAreTheFileInTheProject() {
    Configuration defaults = ConfigurationReader.read(HOME, null, Map.of());
    assertThat(defaults.http().host()).isEqualTo("127.0.0.1");
    assertThat(defaults.http().port()).isEqualTo(8000);
    assertThat(defaults.http().openIngest()).isFalse();
    assertThat(defaults.embedded()).isTrue();
    assertThat(defaults.engine())
        .isEqualTo(dev.tallystick.launcher.node.NodeSettings.Engine.DEFAULTS);
    assertThat(defaults.limits())
        .containsEntry("default", 20)
        .containsEntry("/transactions/stats", 5);
    assertThat(defaults.definitions())
        .extracting(dev.tallystick.core.rules.Reconciliation::name)
        .containsExactly("payments", "settlement");
  }

  @Test
  void aFileOverridesTheDefaultsAndTheEnvironmentOverridesTheFile() throws IOException {
    Configuration read =
        read(
            "http: {port: 9000, open-ingest: true}\nengine: {skew: 5s}\n",
            Map.of(
                "TALLYSTICK_HTTP_PORT",
                "9001",
                "TALLYSTICK_HTTP_TRUSTED_PROXIES",
                "10.0.0.0/8, ::1"));
    assertThat(read.http().port()).isEqualTo(9001);
    assertThat(read.http().openIngest()).isTrue();
    assertThat(read.http().trustedProxies()).containsExactly("10.0.0.0/8", "::1");
    assertThat(read.engine().skewMs()).isEqualTo(5_000);
    assertThat(read.engine().recordSkewMs()).isEqualTo(1_000);
  }

  @Test
  void secretsMayStandInFiles() throws IOException {
    Path password = Files.writeString(directory.resolve("password"), "12345\n");
    Configuration read =
        read(
            "storage: {url: 'postgresql://db:5433/money', user: engine}\n",
            Map.of(
                "TALLYSTICK_STORAGE_PASSWORD_FILE",
                password.toString(),
                "TALLYSTICK_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
                "SSL"));
    assertThat(read.storage())
        .isEqualTo(
            new dev.tallystick.storage.postgres.PgAddress("db", 5433, "money", "engine", "12345"));
    assertThat(read.kafka().properties()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void aRelativeDirectoryCountsFromTheFileThatNamesIt() throws IOException {
    Path mine = Files.createDirectories(directory.resolve("mine"));
    Files.copy(
        HOME.resolve("config/reconciliations/settlement.yaml"), mine.resolve("settlement.yaml"));
    Configuration read = read("reconciliations: mine\n", Map.of());
    assertThat(read.definitions()).hasSize(1);
    assertThat(read.reconciliations()).isEqualTo(mine.toAbsolutePath().normalize());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http: {port: 70000}                  | :1:8: port: 70000 is not within 0 to 65535
          http: {prot: 1}                      | :1:8: prot: unknown key; known here: host, port, trusted-proxies, open-ingest
          htpt: 1                              | :1:1: htpt: unknown key; known here: http, kafka, storage, redis, identity, engine, test, services, limits, reconciliations
          http: {host: 'a b'}                  | :1:8: host: "a b" is not a host name or address
          http: {open-ingest: maybe}           | :1:8: open-ingest: maybe is not true or false
          http: {trusted-proxies: [x y]}       | :1:8: trusted-proxies: x y is not an address or network (10.0.0.0/8)
          services: elsewhere                  | :1:1: services: elsewhere is not one of embedded, external
          services: external                   | :1:1: services: external needs kafka.bootstrap, which is not set
          {services: external, kafka: {bootstrap: 'k:1'}} | :1:2: services: external needs storage.url, which is not set
          kafka: {bootstrap: nowhere}          | :1:9: bootstrap: nowhere is not host:port, host:port …
          kafka: {properties: {bootstrap.servers: 'a:1'}} | :1:22: bootstrap.servers: is set by kafka.bootstrap
          kafka: {properties: {sasl.jaas.config: 5}} | :1:22: sasl.jaas.config: is not a text (write it in quotes)
          storage: {url: 'mysql://a/b'}        | :1:11: url: "mysql://a/b" is not postgresql://host:port/database
          storage: {url: 'postgresql://h:99999/d'} | :1:11: url: "postgresql://h:99999/d" has no port within 1 to 65535
          storage: {url: 'postgresql://u:geheim@h/d'} | :1:11: url: user and password have keys of their own (storage.user, storage.password)
          storage: {password: 4711}            | :1:11: password: is not a text (write it in quotes)
          redis: {url: 'http://x'}             | :1:9: url: "http://x" is not redis://host:port
          identity: {issuer: 'login'}          | :1:12: issuer: "login" is not an http or https address
          engine: {open-max: 5}                | :1:10: open-max: 5 is not within 100 to 10000000
          engine: {skew: 3}                    | :1:10: skew: 3 is not a duration (60s, 5m, 2h)
          engine: {record-max: 5000000}        | :1:10: record-max: 5000000 is not within 1024 to 4194304
          engine: {max-events: 0}              | :1:10: max-events: 0 is not within 1 to 10000
          test: {scenarios: 1}                 | :1:8: scenarios: 1 is not true or false
          limits: {nowhere: 5}                 | :1:10: nowhere: is neither a path (/transactions) nor default
          limits: {default: 0}                 | :1:10: default: 0 is not within 1 to 1000000
          reconciliations: not/there           | :1:1: reconciliations: not/there is not a directory
          http: [                              | :2:1: is no YAML: expected the node content, but found '<stream end>'
          """)
  void whatIsWrongInAFileIsOneLineWithItsPlace(String yaml, String line) {
    assertThatThrownBy(() -> read(yaml.strip() + "\n", Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessage(directory.resolve("own.yaml") + line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TALLYSTICK_HTTP_PORT      | abc    | TALLYSTICK_HTTP_PORT: abc is not an integer
          TALLYSTICK_HTTP_PORT      | 65536  | TALLYSTICK_HTTP_PORT: 65536 is not within 0 to 65535
          TALLYSTICK_ENGINE_SKEW    | soon   | TALLYSTICK_ENGINE_SKEW: soon is not a duration (60s, 5m, 2h)
          TALLYSTICK_SERVICES       | cloud  | TALLYSTICK_SERVICES: cloud is not one of embedded, external
          TALLYSTICK_HTTP_PROT      | 1      | TALLYSTICK_HTTP_PROT: unknown variable; the keys are in config/tallystick.yaml
          TALLYSTICK_REDIS_URL      | x      | TALLYSTICK_REDIS_URL: x is not redis://host:port
          TALLYSTICK_STORAGE_URL    | ''     | TALLYSTICK_STORAGE_URL: is empty
          TALLYSTICK_RECONCILIATIONS | /nope | TALLYSTICK_RECONCILIATIONS: /nope is not a directory
          """)
  void whatIsWrongInAVariableNamesIt(String variable, String text, String line) {
    assertThatThrownBy(() -> ConfigurationReader.read(HOME, null, Map.of(variable, text)))
        .isInstanceOf(SettingException.class)
        .hasMessage(line);
  }

  @Test
  void theScriptsOwnVariablesAreNoKeys() {
    Map<String, String> own =
        Map.of("TALLYSTICK_HOME", "/x", "TALLYSTICK_HEAP", "1g", "TALLYSTICK_JAVA_OPTS", "-Xint");
    assertThat(ConfigurationReader.read(HOME, null, own).http().port()).isEqualTo(8000);
  }

  @Test
  void aSecretIsNotSetTwice() throws IOException {
    Path password = Files.writeString(directory.resolve("password"), "a");
    assertThatThrownBy(
            () ->
                read(
                    "http: {port: 1}\n",
                    Map.of(
                        "TALLYSTICK_STORAGE_PASSWORD",
                        "b",
                        "TALLYSTICK_STORAGE_PASSWORD_FILE",
                        password.toString())))
        .hasMessage(
            "TALLYSTICK_STORAGE_PASSWORD_FILE: TALLYSTICK_STORAGE_PASSWORD is set too;"
                + " one of them is enough");
  }
}
