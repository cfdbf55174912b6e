package dev.tallystick.simulator.workload;

import dev.tallystick.simulator.definition.Definition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated systems do: {@link #plan} is a pure function of seed, index and definitions.
 * Faults come at even distances and their kinds in turn, so every kind is equally often there.
 */
public final class Workload {

  private static final long MILLION = 1_000_000;

  private final List<PlanWriter> writers = new ArrayList<>();
  private final List<Integer> weights = new ArrayList<>();
  private final List<Definition> definitions;
  private final long seed;
  private final long faultsPpm;
  private int weightSum;

  /**
   * @param faults share of transactions with exactly one fault, 0 to 1
   * @throws IllegalArgumentException a definition whose conditions no event was found for, or whose
   *     format is not JSON; or a share outside 0 to 1
   */
  public Workload(Collection<Definition> definitions, long seed, double faults) {
    if (!(faults >= 0 && faults <= 1)) {
      throw new IllegalArgumentException("faults: " + faults + " is not between 0 and 1");
    }
    if (definitions.isEmpty()) {
      throw new IllegalArgumentException("a workload needs at least one definition");
    }
    this.definitions = List.copyOf(definitions);
    this.seed = seed;
    this.faultsPpm = Math.round(faults * MILLION);
    for (Definition definition : this.definitions) {
      writers.add(new PlanWriter(definition, this.definitions));
      // Two thirds of the presets' transactions are payments (contracts, section 1, "Units").
      int weight = definition.name().equals("payments") ? 2 : 1;
      weights.add(weight);
      weightSum += weight;
    }
  }

  public long seed() {
    return seed;
  }

  public List<Definition> definitions() {
    return definitions;
  }

  /** The same systems under another seed, to finish what an earlier run began. */
  Workload withSeed(long other) {
    return other == seed ? this : new Workload(definitions, other, (double) faultsPpm / MILLION);
  }

  /** What transaction {@code index} does, 0 and up. */
  public TransactionPlan plan(long index) {
    long ordinal = ordinal(index + 1);
    boolean faulty = ordinal > ordinal(index);
    int kinds = FaultKind.ALL.size();
    FaultKind wanted =
        faulty ? FaultKind.ALL.get((int) Math.floorMod(ordinal - 1 + seed, (long) kinds)) : null;
    return plan(index, wanted, Math.floorDiv(ordinal - 1, kinds));
  }

  /** The same with the kind given: a run is resumed with the kinds its truth names. */
  TransactionPlan plan(long index, @Nullable FaultKind wanted, long round) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
    int ticket = random.nextInt(weightSum);
    int chosen = 0;
    while (ticket >= weights.get(chosen)) {
      ticket -= weights.get(chosen++);
    }
    return writers.get(chosen).write(seed, index, wanted, round, random);
  }

  static String txnId(long seed, long index) {
    return "TXN-" + Long.toHexString(seed) + "-" + index;
  }

  private long ordinal(long index) {
    return index * faultsPpm / MILLION;
  }
}
