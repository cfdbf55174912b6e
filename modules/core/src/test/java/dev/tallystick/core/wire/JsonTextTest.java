package dev.tallystick.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte for byte: what it writes is hashed and compared. */
class JsonTextTest {

  @Test
  void separatesAndNests() {
    JsonText json = new JsonText(16).openObject();
    json.name("a").value(1).name("b").openArray().value("x").value(-2).nothing().closeArray();
    json.name("c").openObject().closeObject().name("d").openArray().closeArray();
    json.name("e").value((String) null).optional("f", null).optional("g", "y").closeObject();

    assertThat(json.toString())
        .isEqualTo("{\"a\":1,\"b\":[\"x\",-2,null],\"c\":{},\"d\":[],\"e\":null,\"g\":\"y\"}");
  }

  @Test
  void objectsInAnArray() {
    JsonText json = new JsonText(16).openArray().openObject().name("a").value(1).closeObject();
    json.openObject().closeObject().openArray().closeArray().closeArray();

    assertThat(json.toString()).isEqualTo("[{\"a\":1},{},[]]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          22     | \\"
          5c     | \\\\
          0a     | \\n
          0d     | \\r
          09     | \\t
          00     | \\u0000
          08     | \\u0008
          1f     | \\u001f
          """)
  void escapesWhatJsonForbidsAndNothingElse(String hex, String written) {
    char c = (char) Integer.parseInt(hex, 16);
    assertThat(new JsonText(8).value("a" + c + "b").toString()).isEqualTo("\"a" + written + "b\"");
    assertThat(new JsonText(8).value("" + c).toString()).isEqualTo("\"" + written + "\"");
  }

  @Test
  void leavesTheRestAsItIs() {
    String text = " /é₹\u2028\u007f😀";
    assertThat(new JsonText(8).value(text).toString()).isEqualTo('"' + text + '"');
    assertThat(new JsonText(8).openObject().name("\n").value("").closeObject().toString())
        .isEqualTo("{\"\\n\":\"\"}");
  }
}
