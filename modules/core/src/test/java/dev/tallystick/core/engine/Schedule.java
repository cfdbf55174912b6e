package dev.tallystick.core.engine;

import dev.tallystick.core.engine.Model.Report;
import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.rules.AmountRule;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.core.rules.StatusVocabulary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * Feeds two logs through engines in one random way: batches of any size, sources in any order,
 * records handed over again, and engines that die at a commit. The store is a map.
 */
@NullUnmarked // every source it looks up is one it put there
final class Schedule {

  /** Where an engine dies, or loses an answer. */
  enum Fault {
    CRASH_BEFORE_COMMIT,
    CRASH_AFTER_COMMIT,
    ANSWER_LOST_DONE,
    ANSWER_LOST_NOT_DONE,
    REFUSED
  }

  private static final List<String> SOURCES = List.of("a", "b", Event.OPERATOR);
  private static final long END_MS = 10_000;

  private final Map<String, List<Report>> logs;
  private final Random random;
  private final int faultsMax;
  final Set<Fault> happened = new HashSet<>();
  private final TreeMap<String, TransactionRow> rows = new TreeMap<>();
  private final Map<String, SourcePosition> positions = new HashMap<>();
  private long epoch;
  private long seq;
  private PartitionEngine engine;
  private int faults;
  private long elapsedMs;
  private boolean proven;
  private int dueLimit;

  Schedule(List<Report> logOfA, List<Report> logOfB, long seed, int faultsMax) {
    this.logs = Map.of("a", logOfA, "b", logOfB, Event.OPERATOR, List.of());
    this.random = new Random(seed);
    this.faultsMax = faultsMax;
    SOURCES.forEach(source -> positions.put(source, new SourcePosition(0, 0)));
  }

  /** txnId → row as text, in the words of {@link Model}. */
  Map<String, String> run() {
    claim();
    for (int round = 0; round < 2_000 && !isDone(); round++) {
      List<String> order = new ArrayList<>(SOURCES);
      java.util.Collections.shuffle(order, random);
      order.forEach(this::feed);
      proven =
          SOURCES.stream().allMatch(source -> engine.absorbed(source) == logs.get(source).size());
      if (dueLimit > 0) {
        List<TransactionRow> due = due(dueLimit);
        boolean full = due.size() == dueLimit;
        dueLimit = 0;
        give(new Input.DueRows(due, full));
      }
      elapsedMs += random.nextInt(3) + (faults > 0 ? 5_000 : 0); // past any back-off
      give(new Input.Tick(elapsedMs));
    }
    Map<String, String> texts = new TreeMap<>();
    rows.forEach((txnId, row) -> texts.put(txnId, text(row)));
    return texts;
  }

  private boolean isDone() {
    return proven
        && SOURCES.stream().allMatch(s -> positions.get(s).position() == logs.get(s).size())
        && rows.values().stream().allMatch(row -> row.verdict().nextDeadlineMs() == Event.NONE);
  }

  private void claim() {
    epoch++;
    proven = false;
    dueLimit = 0;
    engine =
        new PartitionEngine(
            "model",
            0,
            RULES,
            new EngineSettings(1 + random.nextInt(4), 2, 9, 5, 2, 1, 2, Set.of("a")));
    give(
        new Input.Claimed(
            new Claim(epoch, Map.copyOf(positions), seq, seq, Event.NONE, List.of())));
  }

  private void feed(String source) {
    List<Report> log = logs.get(source);
    int from = (int) engine.absorbed(source);
    if (random.nextInt(5) == 0) { // handed over again, or a gap: neither is absorbed
      batch(source, random.nextInt(log.size() + 1), log.size(), Event.NONE);
      from = (int) engine.absorbed(source);
    }
    int to = Math.min(log.size(), from + random.nextInt(4));
    batch(source, from, to, proven ? END_MS : Event.NONE);
  }

  private void batch(String source, int from, int to, long timeMs) {
    List<Reading> readings = new ArrayList<>();
    for (int offset = from; offset < to; offset++) {
      Report report = logs.get(source).get(offset);
      RawRecord raw = new RawRecord(offset, report.recordedAtMs(), null, null, List.of());
      readings.add(new Reading.Taken(raw, event(report, offset)));
    }
    give(new Input.Batch(epoch, source, from, to, readings, timeMs));
  }

  private static Event event(Report report, long offset) {
    return new Event(
        report.txnId(),
        report.source(),
        report.id(),
        new ContentHash(report.amountMinor(), 0, 0, 0),
        "PAYMENT_CAPTURED",
        "SUCCESS",
        report.amountMinor(),
        "INR",
        null,
        null,
        0,
        null,
        null,
        Event.NONE,
        Map.of(),
        null,
        offset,
        report.recordedAtMs());
  }

  private void give(Input first) {
    Deque<Input> inputs = new ArrayDeque<>(List.of(first));
    for (int steps = 0; !inputs.isEmpty(); steps++) {
      if (steps > 10_000) {
        throw new IllegalStateException("no end after " + first);
      }
      for (Output output : engine.handle(inputs.removeFirst())) {
        switch (output) {
          case Output.Write(Commit commit) -> {
            CommitAnswer answer = commit(commit);
            if (answer == null) {
              claim(); // the engine is gone, and what it was about to do
              return;
            }
            inputs.add(new Input.Answered(commit.attempt(), answer));
          }
          case Output.QueryDue(int limit) -> dueLimit = limit;
          case Output.Stopped(Output.Reason reason, String detail) -> {
            claim();
            return;
          }
          case Output.Publish(List<Notice> notices) ->
              inputs.add(new Input.Published(notices.getLast().seq()));
          case Output.RequestClaim _, Output.WantTime _, Output.Rewind _ -> {}
        }
      }
    }
  }

  /** Null: the engine did not live to see the answer. */
  private CommitAnswer commit(Commit commit) {
    Fault fault = null;
    if (faults < faultsMax && random.nextInt(4) == 0) {
      faults++;
      fault = Fault.values()[random.nextInt(Fault.values().length)];
      happened.add(fault);
    }
    return switch (fault) {
      case null -> store(commit);
      case CRASH_BEFORE_COMMIT -> null;
      case CRASH_AFTER_COMMIT -> {
        store(commit);
        yield null;
      }
      case ANSWER_LOST_DONE -> {
        store(commit);
        yield new CommitAnswer.Unknown("lost");
      }
      case ANSWER_LOST_NOT_DONE -> new CommitAnswer.Unknown("lost");
      case REFUSED -> new CommitAnswer.Refused(true, "away");
    };
  }

  private CommitAnswer store(Commit commit) {
    Map<String, Optional<TransactionRow>> conflicts = new TreeMap<>();
    for (Commit.TransactionWrite write : commit.writes()) {
      TransactionRow stored = rows.get(write.row().txnId());
      if ((stored == null ? 0 : stored.version()) != write.expectedVersion()) {
        conflicts.put(write.row().txnId(), Optional.ofNullable(stored));
      }
    }
    if (!conflicts.isEmpty()) {
      return new CommitAnswer.Conflict(conflicts);
    }
    commit.writes().forEach(write -> rows.put(write.row().txnId(), write.row()));
    commit
        .progress()
        .forEach((s, to) -> positions.put(s, new SourcePosition(to.position(), to.archivedTo())));
    seq = commit.seq();
    return new CommitAnswer.Committed(0);
  }

  private List<TransactionRow> due(int limit) {
    return rows.values().stream()
        .filter(row -> row.verdict().nextDeadlineMs() != Event.NONE)
        .sorted(Comparator.comparingLong(row -> row.verdict().nextDeadlineMs()))
        .limit(limit)
        .toList();
  }

  private static String text(TransactionRow row) {
    StringBuilder text = new StringBuilder(row.verdict().state().name());
    for (Mismatch found : row.verdict().mismatches()) {
      text.append(' ').append(found.type()).append(' ').append(found.source());
      text.append('@').append(found.openedAtMs());
      if (!found.isOpen()) {
        text.append('-').append(found.closedAtMs());
      }
      if (found.type() == dev.tallystick.core.model.MismatchType.DUPLICATE) {
        text.append(' ').append(found.field());
      }
    }
    int repeated = row.tallies().values().stream().mapToInt(tally -> tally.redeliveries()).sum();
    return text.append(" repeated ").append(repeated).toString();
  }

  private static final Rulebook RULES =
      new Rulebook(
          List.of(
              new Reconciliation(
                  "model",
                  1,
                  Event.NONE,
                  Condition.ALWAYS,
                  List.of(source("a"), source("b")),
                  new RuleSet(
                      List.of(new AmountRule("amount", 0, 0, false)),
                      StatusVocabulary.PLAIN,
                      "missing",
                      "duplicate",
                      "unexpected"),
                  1,
                  "",
                  "")));

  private static SourceRule source(String name) {
    return new SourceRule(
        name, name, name.equals("a"), 20, null, Set.of(), false, false, "json", Map.of());
  }
}
