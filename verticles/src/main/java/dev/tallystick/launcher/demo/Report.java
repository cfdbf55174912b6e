package dev.tallystick.launcher.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tallystick.launcher.Console;
import dev.tallystick.simulator.verify.Score;
import dev.tallystick.simulator.verify.VerifyResult;
import dev.tallystick.simulator.workload.FaultKind;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The demo's lines: JSON as contracts, section 1, has them, or text. */
final class Report {

  private final Console console;
  private final boolean untilStopped;

  Report(Console console, boolean untilStopped) {
    this.console = console;
    this.untilStopped = untilStopped;
  }

  /**
   * A live count.
   *
   * @param rate records per second that became durable since the last one
   */
  void progress(long elapsedSeconds, long rate, Score score) {
    ObjectNode line = Console.event("progress").put("elapsed_s", elapsedSeconds).put("rate", rate);
    line.set("transactions", Console.tree(score.states()));
    line.set("injected", Console.tree(score.injected()));
    line.set("detected", Console.tree(score.detected()));
    console.emit(line.put("false", score.falseFindings()));
    console.say(
        String.format(
            Locale.ROOT,
            "%5d s  %,6d events/s  %,9d matched %,7d pending %,6d mismatched %,6d overdue"
                + "  faults: %,d injected, %,d detected, %,d false",
            elapsedSeconds,
            rate,
            state(score, "MATCHED"),
            score.pending(),
            state(score, "MISMATCHED"),
            state(score, "OVERDUE"),
            sum(score.injected()),
            sum(score.detected()),
            score.falseFindings()));
  }

  /**
   * The result.
   *
   * @param verified null: was not verified, because a signal came
   */
  void result(
      boolean ok,
      long seed,
      long events,
      long redeliveries,
      Score score,
      @Nullable VerifyResult verified) {
    ObjectNode line = Console.result("demo", ok).put("seed", seed).put("events", events);
    line.put("transactions", score.transactions());
    line.set("states", Console.tree(score.states()));
    line.set("injected", Console.tree(score.injected()));
    line.set("detected", Console.tree(score.detected()));
    line.put("missed", score.missed()).put("false", score.falseFindings());
    line.put("dead_letters", score.deadLetters()).put("redeliveries", redeliveries);
    if (verified == null) {
      line.putNull("verified");
    } else {
      line.putObject("verified").put("agree", verified.agree()).put("differ", verified.differ());
    }
    Map<String, Object> shown = verified == null ? null : verified.shown();
    line.set("first_difference", Console.tree(shown != null ? shown : score.firstFalse()));
    console.emit(line);
    table(ok, events, score, verified);
  }

  private void table(boolean ok, long events, Score score, @Nullable VerifyResult verified) {
    console.say("");
    console.say(
        String.format(
            Locale.ROOT, "%-12s %9s %9s %9s", "fault", "injected", "detected", "not yet"));
    for (FaultKind kind : FaultKind.values()) {
      long injected = score.injected().getOrDefault(kind, 0L);
      long detected = score.detected().getOrDefault(kind, 0L);
      console.say(
          String.format(
              Locale.ROOT, "%-12s %,9d %,9d %,9d", kind, injected, detected, injected - detected));
    }
    console.say("");
    console.say(
        String.format(
            Locale.ROOT,
            "%,d events, %,d transactions, %,d pending: %,d missed, %,d false",
            events,
            score.transactions(),
            score.pending(),
            score.missed(),
            score.falseFindings()));
    if (verified != null) {
      console.say(
          String.format(
              Locale.ROOT,
              "verified against the log: %,d agree, %,d differ, %,d lost, %,d double",
              verified.agree(),
              verified.differ(),
              verified.lost(),
              verified.doubled()));
    }
    String first = first(score, verified);
    if (first != null) {
      console.say("first difference: " + first);
    }
    console.say(ok ? "ok" : "NOT ok");
    console.say("");
    console.say(
        untilStopped
            ? "Next: './tallystick demo' goes on with this data; './tallystick verify' checks it."
            : "Next: './tallystick demo' runs until Ctrl-C; meanwhile, in another terminal,\n"
                + "      './tallystick send --source gateway --txn MY-1' and './tallystick"
                + " verify'.");
  }

  private static @Nullable String first(Score score, @Nullable VerifyResult verified) {
    Map<String, Object> shown = verified == null ? null : verified.shown();
    return shown != null ? Console.tree(shown).toString() : score.firstFalse();
  }

  private static long state(Score score, String state) {
    return score.states().getOrDefault(state, 0L);
  }

  private static long sum(Map<FaultKind, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
