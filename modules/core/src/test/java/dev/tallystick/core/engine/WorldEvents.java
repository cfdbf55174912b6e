package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.rules.Rulebook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** The event sets of a world, for tests of the judge alone. */
public final class WorldEvents {

  private WorldEvents() {}

  public static Rulebook rulebook() {
    return WorldRules.rulebook();
  }

  /** Kept events of each transaction of one random log. */
  public static List<List<Event>> transactions(Random random) {
    WorldLog log = new WorldLog(random, 14, 0);
    Map<String, List<Event>> byTxn = new TreeMap<>();
    Set<String> identities = new HashSet<>();
    for (List<WorldLog.Slot> slots : log.slots.values()) {
      for (WorldLog.Slot slot : slots) {
        if (slot.reading() instanceof Reading.Taken(RawRecord raw, Event event)
            && identities.add(event.source() + event.eventId() + event.content())) {
          byTxn.computeIfAbsent(event.txnId(), id -> new ArrayList<>()).add(event);
        }
      }
    }
    return List.copyOf(byTxn.values());
  }
}
