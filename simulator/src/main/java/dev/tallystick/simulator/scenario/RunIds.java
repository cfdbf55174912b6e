package dev.tallystick.simulator.scenario;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Ids of runs: eight lower-case letters and digits, so that a transaction id stays readable. */
public final class RunIds implements Supplier<String> {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 8;

  private final RandomGenerator random;

  /**
   * @param random a seeded one repeats its ids
   */
  public RunIds(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public synchronized String get() {
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
