package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Reading;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.time.SourceTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/** One life of one owner: the real engine, and fakes of everything it talks to. */
@NullUnmarked // a world is closed: every name it looks up is one it put there
final class WorldNode {

  private final World world;
  final PartitionEngine engine;
  final Map<String, Deque<Input.Batch>> bus = new HashMap<>();
  final Deque<Input> answers = new ArrayDeque<>();
  final Deque<List<TransactionRow>> dueAnswers = new ArrayDeque<>();
  private final Map<String, Long> fetched = new HashMap<>();
  private final Map<String, SourceTime> times = new HashMap<>();
  private final Deque<Notice> unpublished = new ArrayDeque<>();
  private int dueLimit;
  boolean dueAsked;
  boolean alive = true;

  WorldNode(World world) {
    this.world = world;
    Claim claim = world.store.claim();
    engine = new PartitionEngine("world", 0, world.store.rulebook, world.settings);
    for (String source : WorldLog.SOURCES) {
      bus.put(source, new ArrayDeque<>());
      fetched.put(source, claim.positions().get(source).position());
      times.put(source, new SourceTime(world.skewMs, 0));
    }
    give(new Input.Claimed(claim));
  }

  void give(Input input) {
    for (Output output : engine.handle(input)) {
      switch (output) {
        case Output.RequestClaim() -> throw new IllegalStateException("claimed already");
        case Output.Write(Commit commit) -> world.writes.add(new World.Sent(this, commit));
        case Output.QueryDue(int limit) -> {
          dueAsked = true;
          dueLimit = limit;
        }
        case Output.Publish(List<Notice> notices) -> unpublished.addAll(notices);
        case Output.WantTime(long deadlineMs) -> {}
        case Output.Rewind(String source, long position) -> fetched.put(source, position);
        case Output.Stopped(Output.Reason reason, String detail) -> alive = false;
      }
    }
  }

  /** Reads some records and puts them on the bus, with the time they prove. */
  void poll(String source, int most) {
    if (!engine.isAccepting()) {
      most = 0;
    }
    List<WorldLog.Slot> log = world.store.log.slots.get(source);
    long from = fetched.get(source);
    int at = (int) from;
    List<Reading> readings = new ArrayList<>();
    long largestMs = Event.NONE;
    while (readings.size() < most && at < log.size() && log.get(at).visibleMs() <= world.clockMs) {
      WorldLog.Slot slot = log.get(at++);
      if (slot.reading() != null) {
        readings.add(slot.reading());
        largestMs = Math.max(largestMs, slot.reading().raw().timestampMs());
      }
    }
    fetched.put(source, (long) at);
    times.get(source).handedOver(largestMs, at);
    bus.get(source)
        .add(
            new Input.Batch(
                engine.epoch(), source, from, at, readings, times.get(source).timeMs()));
  }

  /** An end-offset request that is answered at once; some never are. */
  void proveTime(String source) {
    if (world.random.nextInt(5) > 0) {
      long end =
          world.store.log.slots.get(source).stream()
              .filter(slot -> slot.visibleMs() <= world.clockMs)
              .count();
      times.get(source).proof(world.clockMs, end);
    }
  }

  void deliver(String source) {
    Input.Batch batch = bus.get(source).poll();
    if (batch != null) {
      give(batch);
    }
  }

  void queryDue() {
    if (dueAsked) {
      dueAsked = false;
      dueAnswers.add(world.store.due(dueLimit));
    }
  }

  void deliverDue() {
    List<TransactionRow> rows = dueAnswers.poll();
    if (rows != null) {
      give(
          world.random.nextInt(8) == 0
              ? new Input.DueFailed()
              : new Input.DueRows(rows, rows.size() == dueLimit));
    }
  }

  void publish() {
    long last = 0;
    for (Notice notice = unpublished.poll(); notice != null; notice = unpublished.poll()) {
      world.announce(notice);
      last = notice.seq();
    }
    if (last > 0) {
      give(new Input.Published(last));
    }
  }

  /** Messages of a former life that are still on the bus. */
  void inherit(WorldNode former) {
    former.bus.forEach((source, batches) -> bus.get(source).addAll(batches));
  }
}
