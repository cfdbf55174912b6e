package dev.tallystick.simulator.scenario;

/**
 * One thing that is wrong with the text of a scenario.
 *
 * @param pointer RFC 6901, empty: the whole
 * @param place {@code line:column}, both from 1; empty where only the pointer is known
 * @param value as written, at most {@value #SHOWN_MAX} characters
 * @param reason goes on from the value: "is not an integer"
 */
public record Objection(String pointer, String place, String value, String reason) {

  static final int SHOWN_MAX = 80;

  static Objection at(String pointer, String place, String value, String reason) {
    String plain = value.replaceAll("\\p{Cntrl}", " ");
    String shown = plain.length() <= SHOWN_MAX ? plain : plain.substring(0, SHOWN_MAX - 1) + "…";
    return new Objection(pointer, place, shown, reason);
  }

  /** {@code 7:5: /steps/2/wait_ms: 1.5 is not an integer}. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    if (!place.isEmpty()) {
      line.append(place).append(": ");
    }
    if (!pointer.isEmpty()) {
      line.append(pointer).append(": ");
    }
    if (!value.isEmpty()) {
      line.append(value).append(' ');
    }
    return line.append(reason).toString();
  }
}
