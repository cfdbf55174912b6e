package dev.tallystick.simulator.oracle;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The two ways in which a source can report the same business event twice (contracts, 3). */
final class Duplicates {

  private Duplicates() {}

  /**
   * @param field that differs
   */
  record Difference(String field, @Nullable String expected, @Nullable String actual) {}

  /**
   * How {@code later} duplicates one of the same source's earlier events; null: it does not.
   *
   * @param earlier in order
   */
  static @Nullable Difference find(
      Collection<Report> earlier, Report later, java.util.function.Predicate<String> isFinal) {
    for (Report first : earlier) {
      if (first.eventId().equals(later.eventId())) {
        if (!first.content().equals(later.content())) {
          return firstDifference(first, later);
        }
      } else if (first.type().equals(later.type())
          && isFinal.test(first.status())
          && isFinal.test(later.status())) {
        return new Difference("event_id", first.eventId(), later.eventId());
      }
    }
    return null;
  }

  private static Difference firstDifference(Report first, Report later) {
    List<String> fields =
        List.of(
            "event_type",
            "status",
            "amount",
            "currency",
            "account",
            "counterparty",
            "timestamp",
            "reference",
            "channel",
            "fee",
            "attributes");
    for (String field : fields) {
      String expected = value(first, field);
      String actual = value(later, field);
      if (!Objects.equals(expected, actual)) {
        return new Difference(field, expected, actual);
      }
    }
    throw new IllegalStateException("two contents, but no field differs: " + first + " " + later);
  }

  private static @Nullable String value(Report report, String field) {
    return switch (field) {
      case "event_type" -> report.type();
      case "status" -> report.status();
      case "amount" -> Long.toString(report.amountMinor());
      case "currency" -> report.currency();
      case "account" -> report.account();
      case "counterparty" -> report.counterparty();
      case "timestamp" -> Report.time(report.occurredAtMs());
      case "reference" -> report.reference();
      case "channel" -> report.channel();
      case "fee" -> report.fee() == null ? null : Long.toString(report.fee());
      case "attributes" ->
          report.attributes().isEmpty() ? null : Canonical.object(report.attributes());
      default -> throw new IllegalArgumentException(field);
    };
  }
}
