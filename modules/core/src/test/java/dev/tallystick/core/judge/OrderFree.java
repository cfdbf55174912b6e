package dev.tallystick.core.judge;

import dev.tallystick.core.engine.WorldEvents;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The invariant ORDER-FREE of the judge itself: any permutation of a set, the same verdict. */
public final class OrderFree {

  private OrderFree() {}

  /** Empty, or the set that was judged two ways. */
  public static String outcome(long seed) {
    Random random = new Random(seed);
    for (List<Event> events : WorldEvents.transactions(random)) {
      long watermarkMs = random.nextInt(300);
      Verdict want = Reconciler.judge(events, WorldEvents.rulebook(), watermarkMs, List.of());
      List<Event> shuffled = new ArrayList<>(events);
      for (int i = 0; i < 10; i++) {
        Collections.shuffle(shuffled, random);
        Verdict got = Reconciler.judge(shuffled, WorldEvents.rulebook(), watermarkMs, List.of());
        if (!got.equals(want)) {
          return "ORDER " + shuffled;
        }
      }
    }
    return "";
  }
}
