package dev.tallystick.formats.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How a configuration is read, and how it is refused. */
class YamlNodeTest {

  private enum Services {
    EMBEDDED,
    RUN_BY_OTHERS
  }

  private static final YamlNode ROOT =
      YamlNode.parse(
          "config/tallystick.yaml",
          """
          http:
            port: 8000
            "open-ingest": true
          services: run-by-others
          engine: {skew: 2s, materialize-after: 250ms, from: 2025-12-18T10:15:30Z}
          limits:
            "/transactions/stats": 5
            default: 20
          names: [a, "b", 7]
          negative: -3
          nothing:
          """);

  @Test
  void valuesAreWhatTheyLookLike() {
    YamlNode http = ROOT.get("http").only("port", "open-ingest");
    assertThat(http.get("port").integer(0, 65_535)).isEqualTo(8000);
    assertThat(http.get("open-ingest").flag()).isTrue();
    assertThat(ROOT.get("services").choice(Services.class)).isEqualTo(Services.RUN_BY_OTHERS);
    assertThat(ROOT.get("engine").get("skew").durationMs(0, 60_000)).isEqualTo(2_000);
    assertThat(ROOT.get("engine").get("materialize-after").durationMs(0, 60_000)).isEqualTo(250);
    assertThat(ROOT.get("engine").get("from").timeMs()).isEqualTo(1_766_052_930_000L);
    assertThat(ROOT.get("limits").entries()).containsOnlyKeys("/transactions/stats", "default");
    assertThat(ROOT.get("negative").integer(-5, 5)).isEqualTo(-3);
    assertThat(ROOT.find("absent")).isNull();
  }

  @Test
  void aTextMayHaveToHaveAShape() {
    List<YamlNode> names = ROOT.get("names").items();
    assertThat(names.get(0).text(Pattern.compile("[a-c]"), "a letter")).isEqualTo("a");
    assertThat(names.get(1).text()).isEqualTo("b");
    assertThat(names.get(1).key()).isEqualTo("names[1]");
    assertThat(names.get(1).place()).isEqualTo("config/tallystick.yaml:9:12");
    fails(
        () -> names.get(1).text(Pattern.compile("[x-z]"), "a late letter"),
        "config/tallystick.yaml:9:12: names[1]: \"b\" is not a late letter");
    fails(
        () -> names.get(2).text(),
        "config/tallystick.yaml:9:17: names[2]: 7 is not a text (write it in quotes)");
  }

  @Test
  void everyErrorNamesThePlaceTheValueAndTheReason() {
    fails(
        () -> ROOT.only("http"),
        "config/tallystick.yaml:4:1: services: unknown key; known here: http");
    fails(() -> ROOT.get("http").get("host"), "config/tallystick.yaml:1:1: http: missing key host");
    fails(() -> ROOT.get("host"), "config/tallystick.yaml:1:1: missing key host");
    fails(
        () -> ROOT.get("http").get("port").integer(8_001, 9_000),
        "config/tallystick.yaml:2:3: port: 8000 is not within 8001 to 9000");
    fails(
        () -> ROOT.get("services").choice(Thread.State.class),
        "config/tallystick.yaml:4:1: services: run-by-others is not one of new, runnable,"
            + " blocked, waiting, timed-waiting, terminated");
    fails(
        () -> ROOT.get("services").items(),
        "config/tallystick.yaml:4:1: services: run-by-others is not a list");
    fails(
        () -> ROOT.get("nothing").entries(),
        "config/tallystick.yaml:11:1: nothing: nothing is not a mapping");
    fails(
        () -> ROOT.get("engine").timeMs(),
        "config/tallystick.yaml:5:1: engine: a mapping is not a time with an offset"
            + " (2025-12-18T10:15:30Z)");
    fails(
        () -> ROOT.get("engine").get("skew").durationMs(3_000, 4_000),
        "config/tallystick.yaml:5:10: skew: 2s is not within 3000ms to 4000ms");
  }

  @Test
  void aLineIsOneLineAndNotTooLong() {
    YamlNode root = YamlNode.parse("x.yaml", "a: \"one\\ntwo " + "x".repeat(200) + "\"");
    fails(
        () -> root.get("a").flag(),
        "x.yaml:1:1: a: \"one\\u000atwo " + "x".repeat(72) + "…\" is not true or false");
  }

  private static void fails(ThrowingCallable read, String line) {
    assertThatThrownBy(read).isInstanceOf(SettingException.class).hasMessage(line);
  }
}
