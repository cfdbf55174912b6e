package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.Definition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a transaction's events line by line and asks the oracle: one method per kind of line. */
final class Story {

  static final long BEGIN_MS = Instant.parse("2025-12-18T10:00:00Z").toEpochMilli();

  private final List<Definition> versions;
  final List<Report> reports = new ArrayList<>();
  private final Map<String, Long> offsets = new HashMap<>();

  Story(Definition... versions) {
    this.versions = List.of(versions);
  }

  /**
   * At a second of the story a source reports.
   *
   * @param more further JSON members, such as {@code "channel":"WEB"}, or empty
   */
  Story at(double second, String source, String id, String status, long amount, String more) {
    String rest = more.isEmpty() ? "" : "," + more;
    String currency = more.contains("currency") ? "" : ",\"currency\":\"INR\"";
    String time = more.contains("timestamp") ? "" : ",\"timestamp\":\"2025-12-18T10:00:00Z\"";
    return raw(
        second,
        source,
        """
        {"txn_id":"T","event_id":"%s","event_type":"PAYMENT_CAPTURED","status":"%s","amount":%d%s%s%s}\
        """
            .formatted(id, status, amount, currency, time, rest));
  }

  Story at(double second, String source, long amount) {
    return at(second, source, source + "-1", "SUCCESS", amount, "");
  }

  /** An operator orders. */
  Story operator(double second, String id, String order, String accepts) {
    return raw(
        second,
        Definition.OPERATOR,
        """
        {"event_id":"%s","txn_id":"T","source":"operator","event_type":"%s","by":"alice","accepts":[%s]}\
        """
            .formatted(id, order, accepts));
  }

  private Story raw(double second, String source, String json) {
    long offset = offsets.merge(source, 1L, Long::sum) - 1;
    LogRecord record =
        new LogRecord(
            source + "_txns",
            0,
            offset,
            ms(second),
            "T".getBytes(StandardCharsets.UTF_8),
            json.getBytes(StandardCharsets.UTF_8),
            List.of());
    switch (new RecordReader(source, Map.of()).read(record)) {
      case Decoded.Event(Report report) -> reports.add(report);
      case Decoded.Refused refused -> throw new AssertionError(refused + " " + json);
    }
    return this;
  }

  Judged untilSecond(double second) {
    return new Oracle(versions).judge(reports, ms(second));
  }

  Judged withoutTime() {
    Long none = null;
    return new Oracle(versions).judge(reports, none);
  }

  static long ms(double second) {
    return BEGIN_MS + Math.round(second * 1_000);
  }

  /**
   * A judgement in one line: state, label, and each mismatch as type/source:field:expected:actual.
   */
  static String told(Judged judged) {
    StringBuilder told = new StringBuilder(judged.state() + " " + judged.label());
    for (Finding m : judged.mismatches()) {
      told.append(" | ").append(m.type()).append('/').append(m.source()).append(' ');
      told.append(m.field()).append(' ').append(m.expected()).append("->").append(m.actual());
      told.append(" opened ").append(second(m.openedAtMs()));
      if (m.closedAtMs() != null) {
        told.append(" closed ").append(second(m.closedAtMs())).append(' ').append(m.closedBy());
      }
    }
    return told.toString();
  }

  private static String second(@Nullable Long ms) {
    return ms == null ? "never" : (ms - BEGIN_MS) / 1_000 + "s";
  }
}
