package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A text as a tree of JSON, whichever of the two it was written in.
 *
 * @param places pointer → {@code line:column}; empty for JSON
 */
record Document(JsonNode root, Map<String, String> places) {

  /** Longer texts are refused. */
  static final int BYTES_MAX = 4 << 20;

  /** Deeper nesting is refused. */
  static final int DEPTH_MAX = 32;

  Objection objection(String pointer, String value, String reason) {
    return Objection.at(pointer, places.getOrDefault(pointer, ""), value, reason);
  }

  /** The pointer of a member. */
  static String member(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  static void checkSize(byte[] text) throws ScenarioRefused {
    if (text.length > BYTES_MAX) {
      throw ScenarioRefused.unreadable(
          Objection.at("", "", text.length + " bytes", "are more than " + BYTES_MAX));
    }
  }
}
