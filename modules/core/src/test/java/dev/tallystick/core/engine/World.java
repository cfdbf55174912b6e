package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Commit.StatisticsKey;
import dev.tallystick.core.engine.WorldStore.Violation;
import dev.tallystick.core.judge.Reconciler;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * A deterministic world of one partition: real engines, several of them alive at a time, crashes,
 * lost answers, stale messages, eviction. One seed repeats everything. Safety is checked at every
 * commit and announcement; then faults stop, and everything must come out as the log says.
 */
@NullUnmarked // a world is closed: every name it looks up is one it put there
final class World {

  /** A commit on its way to PostgreSQL. */
  record Sent(WorldNode node, Commit commit) {}

  private static final long END_MS = 1_000_000;

  final Random random;
  final WorldStore store;
  final EngineSettings settings;
  final long skewMs = 1;
  final List<Sent> writes = new ArrayList<>();
  final Map<Long, String> announced = new TreeMap<>();
  final Map<String, Integer> faults = new TreeMap<>();
  long clockMs;
  private List<WorldNode> nodes = new ArrayList<>();
  private long elapsedMs;

  private World(long seed, int openMax) {
    random = new Random(seed);
    int hot = random.nextInt(10) == 0 ? 8 : 0;
    store = new WorldStore(new WorldLog(random, 14, hot), WorldRules.rulebook());
    settings = new EngineSettings(openMax, 2, 4, 8, 3, 2, 3, Set.copyOf(WorldLog.SOURCES));
    nodes.add(new WorldNode(this));
  }

  /**
   * Runs one world.
   *
   * @return how often each fault and answer happened
   * @throws Violation when a promise is broken; the message names it
   */
  static Map<String, Integer> run(long seed, int openMax, int steps) {
    World world = new World(seed, openMax);
    for (int i = 0; i < steps; i++) {
      world.step();
    }
    world.finish();
    world.faults.putAll(world.store.counts);
    return world.faults;
  }

  /** For callers behind another class loader: null, or what broke. */
  static String outcome(long seed, int openMax, int steps) {
    try {
      run(seed, openMax, steps);
      return "";
    } catch (Violation | InvariantViolation broken) {
      return String.valueOf(broken.getMessage());
    }
  }

  void announce(Notice notice) {
    Change stored = store.outbox.get(notice.seq());
    if (stored == null) {
      throw new Violation("ANNOUNCED before stored: seq " + notice.seq());
    }
    String before = announced.putIfAbsent(notice.seq(), notice.payload());
    if (before != null && !before.equals(notice.payload())) {
      throw new Violation("SEQ " + notice.seq() + " with two contents");
    }
  }

  private void fault(String name) {
    faults.merge(name, 1, Integer::sum);
  }

  private WorldNode reborn(WorldNode former) {
    WorldNode node = new WorldNode(this);
    if (random.nextInt(10) < 7) {
      node.inherit(former);
    }
    nodes.add(node);
    return node;
  }

  private void step() {
    nodes.removeIf(node -> !node.alive);
    if (nodes.isEmpty()) {
      nodes.add(new WorldNode(this));
    }
    WorldNode node = nodes.get(random.nextInt(nodes.size()));
    String source = WorldLog.SOURCES.get(random.nextInt(WorldLog.SOURCES.size()));
    int dice = random.nextInt(1000);
    if (dice < 120) {
      clockMs += random.nextInt(4);
    } else if (dice < 320) {
      node.poll(source, 1 + random.nextInt(5));
    } else if (dice < 420) {
      node.proveTime(source);
    } else if (dice < 640) {
      node.deliver(source);
    } else if (dice < 720) {
      elapsedMs++;
      node.give(new Input.Tick(elapsedMs));
    } else if (dice < 830) {
      execute();
    } else if (dice < 890) {
      answer(node);
    } else if (dice < 925) {
      node.publish();
    } else if (dice < 955) {
      node.queryDue();
    } else if (dice < 980) {
      node.deliverDue();
    } else {
      disaster(node, dice);
    }
  }

  private void execute() {
    if (writes.isEmpty()) {
      return;
    }
    Sent sent = writes.remove(random.nextInt(10) < 7 ? 0 : random.nextInt(writes.size()));
    int how = random.nextInt(100);
    if (how < 4) { // refused: known not done
      fault("refused");
      answered(sent, new CommitAnswer.Refused(true, "server away"));
      return;
    }
    CommitAnswer answer = store.execute(sent.commit());
    if (how < 12 && sent.node().alive) {
      fault(answer instanceof CommitAnswer.Committed ? "unknown, but done" : "unknown");
      sent.node().give(new Input.Answered(sent.commit().attempt(), new CommitAnswer.Unknown("?")));
      reborn(sent.node());
    } else {
      answered(sent, answer);
    }
  }

  private static void answered(Sent sent, CommitAnswer answer) {
    if (sent.node().alive) {
      sent.node().answers.add(new Input.Answered(sent.commit().attempt(), answer));
    }
  }

  private static void answer(WorldNode node) {
    Input answer = node.answers.poll();
    if (answer != null) {
      node.give(answer);
    }
  }

  private void disaster(WorldNode node, int dice) {
    if (dice < 986) {
      fault("crash"); // its commit may still run, or be fenced
      node.alive = false;
      reborn(node);
    } else if (dice < 992) {
      if (writes.removeIf(sent -> sent.node() == node)) {
        fault("crash before commit");
        node.alive = false;
        reborn(node);
      }
    } else if (nodes.size() < 3) {
      fault("zombie"); // the former owner lives on
      nodes.add(new WorldNode(this));
    }
  }

  /** Faults stop; one owner; everything good must happen. */
  private void finish() {
    while (!writes.isEmpty()) {
      store.execute(writes.removeFirst().commit());
    }
    WorldNode node = new WorldNode(this);
    nodes = new ArrayList<>(List.of(node));
    clockMs = END_MS;
    int quiet = 0;
    for (int round = 0; quiet < 25; round++) {
      if (round > 3000) {
        throw new Violation("LIVELOCK: no quiescence");
      }
      for (String source : WorldLog.SOURCES) {
        node.proveTime(source);
        node.poll(source, 50);
        node.deliver(source);
      }
      node.queryDue();
      node.deliverDue();
      elapsedMs++;
      node.give(new Input.Tick(elapsedMs));
      boolean wrote = !writes.isEmpty();
      while (!writes.isEmpty()) {
        Sent sent = writes.removeFirst();
        answered(sent, store.execute(sent.commit()));
        answer(node);
      }
      node.publish();
      if (!node.alive) {
        throw new Violation("STOPPED in finish");
      }
      quiet = wrote ? 0 : quiet + 1;
    }
    check();
  }

  private void check() {
    Map<String, List<Event>> byTxn = new TreeMap<>();
    Set<String> poison = new HashSet<>();
    int records = 0;
    for (String source : WorldLog.SOURCES) {
      Map<String, Integer> keptOf = new HashMap<>();
      Set<String> identities = new HashSet<>();
      for (WorldLog.Slot slot : store.log.slots.get(source)) {
        if (slot.reading() == null) {
          continue;
        }
        records++;
        if (slot.reading() instanceof Reading.Taken(RawRecord raw, Event event)) {
          int kept = keptOf.getOrDefault(event.txnId(), 0);
          if (kept >= settings.maxEvents()) {
            poison.add(source + raw.offset());
          } else if (identities.add(event.txnId() + event.eventId() + event.content())) {
            keptOf.put(event.txnId(), kept + 1);
            byTxn.computeIfAbsent(event.txnId(), id -> new ArrayList<>()).add(event);
          }
        } else {
          poison.add(source + slot.reading().raw().offset());
        }
      }
    }
    expect(store.dead.equals(poison), "DEAD " + store.dead + " for " + poison);
    expect(
        store.archive.size() == records && new HashSet<>(store.archive).size() == records,
        "ARCHIVE " + store.archive.size() + " of " + records);
    expect(store.rows.keySet().equals(byTxn.keySet()), "ROWS " + store.rows.keySet());
    Map<StatisticsKey, Integer> statistics = new HashMap<>();
    byTxn.forEach(
        (txnId, events) -> {
          TransactionRow row = store.rows.get(txnId);
          Verdict want = Reconciler.judge(events, store.rulebook, END_MS, List.of());
          expect(row.events().size() == events.size(), "EVENTS " + txnId);
          expect(
              WorldStore.sameContent(row.verdict(), want),
              "ROW " + txnId + " " + row.verdict() + " for " + want);
          long firstMs = want.firstArrivalMs();
          statistics.merge(
              new StatisticsKey(
                  firstMs == Event.NONE ? firstMs : firstMs - firstMs % 60_000,
                  want.state(),
                  want.worst()),
              1,
              Integer::sum);
        });
    expect(store.statistics.equals(statistics), "STATISTICS");
    expect(announced.size() == store.seq, "SEQ " + announced.size() + " of " + store.seq);
    checkStream();
  }

  /**
   * A listener that follows the numbers ends with what the rows say, and heard no false MISSING.
   */
  private void checkStream() {
    Map<WorldLog.Subject, Boolean> open = new HashMap<>();
    for (Change change : store.outbox.values()) {
      WorldLog.Subject subject = new WorldLog.Subject(change.txnId(), change.mismatch().key());
      boolean was = open.getOrDefault(subject, false);
      switch (change.kind()) {
        case OPENED, REOPENED -> {
          expect(!was, "STREAM opened twice " + subject);
          open.put(subject, true);
        }
        case CHANGED -> expect(was, "STREAM changed, not open " + subject);
        case CLOSED -> {
          boolean missing = subject.key().type() == dev.tallystick.core.model.MismatchType.MISSING;
          expect(
              !missing || !"WITHDRAWN".equals(change.mismatch().closedBy()),
              "FALSE MISSING " + subject);
          open.put(subject, false);
        }
      }
    }
    store.rows.forEach(
        (txnId, row) ->
            row.verdict()
                .mismatches()
                .forEach(
                    mismatch ->
                        expect(
                            open.getOrDefault(new WorldLog.Subject(txnId, mismatch.key()), false)
                                == mismatch.isOpen(),
                            "STREAM ends otherwise than " + txnId + " " + mismatch)));
  }

  private static void expect(boolean holds, String message) {
    if (!holds) {
      throw new Violation(message);
    }
  }
}
