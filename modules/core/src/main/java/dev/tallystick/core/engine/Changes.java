package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Change.Kind;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What subscribers have to be told between two verdicts on the same transaction. */
final class Changes {

  /** A change without its number. */
  record Unnumbered(Kind kind, Mismatch mismatch) {}

  private Changes() {}

  /**
   * @param before the row's verdict as last written; null: there was no row
   * @return in the order of (type, source)
   */
  static List<Unnumbered> between(@Nullable Verdict before, Verdict after) {
    SortedMap<Mismatch.Key, Mismatch> old = byKey(before);
    SortedMap<Mismatch.Key, Mismatch> vanished = new TreeMap<>(old);
    List<Unnumbered> changes = new ArrayList<>();
    for (Mismatch now : after.mismatches()) {
      vanished.remove(now.key());
      Mismatch was = old.get(now.key());
      if (!now.equals(was)) {
        changes.add(new Unnumbered(kind(was, now), now));
      }
    }
    // The order of events never had it: it closes the moment it seemed to open.
    for (Mismatch was : vanished.values()) {
      changes.add(new Unnumbered(Kind.CLOSED, was.closed(was.openedAtMs(), Mismatch.WITHDRAWN)));
    }
    return changes;
  }

  /** Mismatches of the verdict that the row lacks or holds otherwise. */
  static List<Mismatch> written(@Nullable Verdict before, Verdict after) {
    SortedMap<Mismatch.Key, Mismatch> old = byKey(before);
    return after.mismatches().stream().filter(now -> !now.equals(old.get(now.key()))).toList();
  }

  /** Mismatches the row holds and the verdict does not. */
  static List<Mismatch.Key> removed(@Nullable Verdict before, Verdict after) {
    SortedMap<Mismatch.Key, Mismatch> old = byKey(before);
    after.mismatches().forEach(now -> old.remove(now.key()));
    return List.copyOf(old.keySet());
  }

  private static Kind kind(@Nullable Mismatch was, Mismatch now) {
    if (!now.isOpen()) {
      return Kind.CLOSED;
    }
    if (was == null) {
      return Kind.OPENED;
    }
    return was.isOpen() ? Kind.CHANGED : Kind.REOPENED;
  }

  private static SortedMap<Mismatch.Key, Mismatch> byKey(@Nullable Verdict verdict) {
    SortedMap<Mismatch.Key, Mismatch> byKey = new TreeMap<>();
    if (verdict != null) {
      verdict.mismatches().forEach(mismatch -> byKey.put(mismatch.key(), mismatch));
    }
    return byKey;
  }
}
