package dev.tallystick.core.engine;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * Random logs of a world's sources: late, twice, changed, poisoned, and with transaction markers.
 */
@NullUnmarked // a world is closed: every name it looks up is one it put there
final class WorldLog {

  /**
   * One place in a log.
   *
   * @param reading null: a control record, which a consumer passes without handing it over
   * @param visibleMs when a consumer can read it
   */
  record Slot(@Nullable Reading reading, long visibleMs) {}

  static final List<String> SOURCES = List.of("a", "b", "c", Event.OPERATOR);

  final Map<String, List<Slot>> slots = new TreeMap<>();

  private record Draft(long atMs, @Nullable Event event, boolean poison) {}

  private final Random random;
  private final Map<String, List<Draft>> drafts = new HashMap<>();

  WorldLog(Random random, int transactions, int hotEvents) {
    this.random = random;
    SOURCES.forEach(source -> drafts.put(source, new ArrayList<>()));
    for (int i = 0; i < transactions; i++) {
      transaction("T" + i, i == 0 ? hotEvents : 0);
    }
    SOURCES.forEach(this::lay);
  }

  private void transaction(String txnId, int hotEvents) {
    long startMs = random.nextInt(120);
    long amount = random.nextLong(1, 9);
    String channel = random.nextInt(4) == 0 ? "C" : null;
    for (String source : List.of("a", "b", "c")) {
      double skip = random.nextDouble();
      if (skip < share(source, channel)) {
        continue;
      }
      long atMs = startMs + delay();
      if (random.nextInt(4) == 0) {
        long early = random.nextInt(10) < 7 ? amount : amount + 1;
        report(txnId, source, "p", "PENDING", early, channel, atMs);
        atMs += random.nextInt(15);
      }
      long said = random.nextInt(20) < 17 ? amount : amount + 1;
      report(txnId, source, "f", "SUCCESS", said, channel, atMs);
      for (int n = random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 0; n > 0; n--) {
        report(txnId, source, "f", "SUCCESS", said, channel, atMs + random.nextInt(80));
      }
      if (random.nextInt(12) == 0) {
        report(txnId, source, "g", "SUCCESS", amount, channel, atMs + random.nextInt(40));
      }
      if (random.nextInt(20) == 0) {
        report(txnId, source, "f", "SUCCESS", amount + 3, channel, atMs + random.nextInt(40));
      }
      for (int n = 0; n < hotEvents; n++) {
        report(txnId, source, "h" + n, "PENDING", amount, channel, atMs + random.nextInt(60));
      }
    }
    if (random.nextInt(5) == 0) {
      command(txnId, startMs + random.nextInt(90), amount);
    }
  }

  /** How often a source never reports. */
  private static double share(String source, @Nullable String channel) {
    return switch (source) {
      case "a" -> .05;
      case "b" -> .15;
      default -> channel == null ? .95 : .2;
    };
  }

  private int delay() {
    int[] awkward = {19, 20, 21, 25, 29, 30, 31, 32, 40, 60};
    return random.nextInt(10) < 6 ? random.nextInt(6) : awkward[random.nextInt(awkward.length)];
  }

  private void report(
      String txnId,
      String source,
      String id,
      String status,
      long amount,
      @Nullable String channel,
      long atMs) {
    String said = random.nextInt(3) == 0 ? null : channel; // so c may become expected late
    Event event =
        new Event(
            txnId,
            source,
            txnId + source + id,
            new ContentHash(txnId.hashCode(), said == null ? 0 : 1, status.hashCode(), amount),
            "PAYMENT_CAPTURED",
            status,
            amount,
            "INR",
            null,
            null,
            0,
            null,
            said,
            Event.NONE,
            Map.of(),
            null,
            0,
            0);
    drafts.get(source).add(new Draft(atMs, event, false));
  }

  private void command(String txnId, long atMs, long amount) {
    boolean reopen = random.nextInt(4) == 0;
    List<OperatorCommand.Accepted> accepts =
        reopen
            ? List.of()
            : List.of(
                new OperatorCommand.Accepted(MismatchType.MISSING, "b", "source", "b", null),
                new OperatorCommand.Accepted(
                    MismatchType.AMOUNT, "b", "amount", "" + amount, "" + (amount + 1)));
    String id = "k" + atMs;
    Event event =
        new Event(
            txnId,
            Event.OPERATOR,
            txnId + id,
            new ContentHash(atMs, 0, 0, reopen ? 1 : 0),
            reopen ? OperatorCommand.REOPEN : OperatorCommand.RESOLVE,
            "",
            0,
            "",
            null,
            null,
            Event.NONE,
            null,
            null,
            Event.NONE,
            Map.of(),
            new OperatorCommand("olga", null, accepts, 0),
            0,
            0);
    drafts.get(Event.OPERATOR).add(new Draft(atMs, event, false));
  }

  private void lay(String source) {
    List<Draft> all = drafts.get(source);
    for (int n = random.nextInt(3); n > 0; n--) {
      all.add(new Draft(random.nextInt(200), null, random.nextBoolean()));
    }
    all.sort(Comparator.comparingLong(Draft::atMs));
    List<Slot> log = new ArrayList<>();
    for (Draft draft : all) {
      long offset = log.size();
      RawRecord raw = new RawRecord(offset, draft.atMs(), null, null, List.of());
      Reading reading = null;
      if (draft.event() != null) {
        reading = new Reading.Taken(raw, placed(draft.event(), offset, draft.atMs()));
      } else if (draft.poison()) {
        reading = new Reading.Refused(raw, DeadLetterReason.NOT_JSON, "poison", true);
      }
      log.add(new Slot(reading, draft.atMs()));
    }
    slots.put(source, log);
  }

  private static Event placed(Event event, long offset, long recordedAtMs) {
    return new Event(
        event.txnId(),
        event.source(),
        event.eventId(),
        event.content(),
        event.type(),
        event.status(),
        event.amountMinor(),
        event.currency(),
        event.account(),
        event.counterparty(),
        event.occurredAtMs(),
        event.reference(),
        event.channel(),
        event.feeMinor(),
        event.attributes(),
        event.command(),
        offset,
        recordedAtMs);
  }

  /** Identity of a mismatch across messages. */
  record Subject(String txnId, Mismatch.Key key) {}
}
