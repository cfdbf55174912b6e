package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.MismatchType;
import dev.tallystick.simulator.definition.RuleSetting;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Two views, compared (requirements B.3, contracts section 5). A field absent on either side is not
 * compared; different currencies make the amounts incomparable.
 */
final class Comparison {

  private static final long DAY_MS = 86_400_000;

  private final Definition definition;

  Comparison(Definition definition) {
    this.definition = definition;
  }

  /** What {@code other} says differently from the reference; severity and times are still open. */
  List<Finding> differences(Report reference, Report other) {
    List<Finding> found = new ArrayList<>();
    for (MismatchType type : MismatchType.values()) {
      for (RuleSetting rule : definition.enabled(type)) {
        Finding finding = compare(rule, reference, other);
        if (finding != null) {
          found.add(finding);
          break; // one mismatch per type and source: the first line that differs reports it
        }
      }
    }
    return found;
  }

  private @Nullable Finding compare(RuleSetting rule, Report reference, Report other) {
    return switch (rule.type()) {
      case CURRENCY ->
          reference.currency().equals(other.currency())
              ? null
              : finding(rule, reference, other, "currency", Report::currency);
      case AMOUNT -> amount(rule, reference, other);
      case STATUS ->
          definition.canonical(reference.status()).equals(definition.canonical(other.status()))
              ? null
              : finding(rule, reference, other, "status", Report::status);
      case ACCOUNT ->
          reference.account() == null
                  || other.account() == null
                  || reference.account().equals(other.account())
              ? null
              : finding(rule, reference, other, "account", Report::account);
      case TIMESTAMP -> timestamp(rule, reference, other);
      case DUPLICATE, UNEXPECTED, MISSING -> null; // these are not about two views
    };
  }

  private @Nullable Finding amount(RuleSetting rule, Report reference, Report other) {
    if (!reference.currency().equals(other.currency())) {
      return null;
    }
    long delta = other.amountMinor() - reference.amountMinor();
    long share =
        BigInteger.valueOf(reference.amountMinor())
            .abs()
            .multiply(BigInteger.valueOf(rule.toleranceBp()))
            .divide(BigInteger.valueOf(10_000))
            .min(BigInteger.valueOf(Long.MAX_VALUE))
            .longValue();
    long tolerance = Math.max(rule.toleranceMinor(), share);
    if (Math.abs(delta) <= tolerance) {
      return null;
    }
    if (rule.fee()
        && (explains(reference.fee(), delta, tolerance)
            || explains(other.fee(), delta, tolerance))) {
      return null;
    }
    Function<Report, @Nullable String> value = report -> Long.toString(report.amountMinor());
    return numeric(rule, reference, other, "amount", value, delta, tolerance, reference.currency());
  }

  private static boolean explains(@Nullable Long fee, long delta, long tolerance) {
    return fee != null && Math.abs(Math.abs(delta) - Math.abs(fee)) <= tolerance;
  }

  private static @Nullable Finding timestamp(RuleSetting rule, Report reference, Report other) {
    long delta = other.occurredAtMs() - reference.occurredAtMs();
    int days = rule.toleranceBusinessDays();
    boolean within =
        Math.abs(delta) <= rule.toleranceMs()
            || (days > 0 && businessDays(reference.occurredAtMs(), other.occurredAtMs()) <= days);
    long toleranceMs = days > 0 ? days * DAY_MS : rule.toleranceMs();
    Function<Report, @Nullable String> value = report -> Report.time(report.occurredAtMs());
    return within
        ? null
        : numeric(rule, reference, other, "timestamp", value, delta, toleranceMs, null);
  }

  /** Working days after the earlier date, up to and with the later one, in UTC. */
  private static long businessDays(long aMs, long bMs) {
    LocalDate from = date(Math.min(aMs, bMs));
    LocalDate to = date(Math.max(aMs, bMs));
    return from.plusDays(1)
        .datesUntil(to.isAfter(from) ? to.plusDays(1) : from.plusDays(1))
        .filter(d -> d.getDayOfWeek() != DayOfWeek.SATURDAY)
        .filter(d -> d.getDayOfWeek() != DayOfWeek.SUNDAY)
        .count();
  }

  private static LocalDate date(long ms) {
    return Instant.ofEpochMilli(ms).atZone(ZoneOffset.UTC).toLocalDate();
  }

  private Finding finding(
      RuleSetting rule,
      Report reference,
      Report other,
      String field,
      Function<Report, @Nullable String> value) {
    return numeric(rule, reference, other, field, value, null, null, null);
  }

  private static Finding numeric(
      RuleSetting rule,
      Report reference,
      Report other,
      String field,
      Function<Report, @Nullable String> value,
      @Nullable Long delta,
      @Nullable Long tolerance,
      @Nullable String currency) {
    return new Finding(
        rule.type(),
        other.source(),
        field,
        value.apply(reference),
        value.apply(other),
        delta,
        tolerance,
        currency,
        rule.name(),
        List.of(reference.source(), other.source()),
        "",
        0,
        null,
        null);
  }
}
