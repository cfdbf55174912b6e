package dev.tallystick.simulator.oracle;

import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.definition.MismatchType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code judge(events, rules, watermark)} a second time, in the plainest code: collect, order,
 * fold, then the operators' commands, then state and label.
 */
public final class Oracle {

  private final List<Definition> versions;

  /**
   * @param versions of one reconciliation, at least one
   */
  public Oracle(List<Definition> versions) {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("an oracle needs at least one version");
    }
    this.versions =
        versions.stream()
            .sorted(
                Comparator.comparingLong(Definition::validFromMs)
                    .thenComparingInt(Definition::version))
            .toList();
  }

  /** The version in force at that log time; the first one before any is. */
  public Definition at(long ms) {
    Definition found = versions.getFirst();
    for (Definition version : versions) {
      if (version.validFromMs() <= ms) {
        found = version;
      }
    }
    return found;
  }

  /** What of a transaction's records is kept, whatever the watermark. */
  public static Kept collect(Collection<Report> records) {
    return Kept.of(records);
  }

  /**
   * @param records of one transaction, in any order, repeated reports included
   * @param watermarkMs every record with a lower timestamp has been read; null: no deadline passed
   */
  public Judged judge(Collection<Report> records, @Nullable Long watermarkMs) {
    Kept kept = Kept.of(records);
    List<Arrival> order = Arrival.order(kept);
    Long firstArrivalMs =
        order.stream().filter(a -> !a.isCommand()).map(Arrival::ms).findFirst().orElse(null);
    Definition definition = definitionFor(order, firstArrivalMs);
    Fold fold = new Fold(definition, order, firstArrivalMs, watermarkMs);
    fold.run();

    Orders orders = Orders.of(order);
    List<Finding> shown = fold.mismatches().stream().map(orders::shown).toList();
    Set<MismatchType> open = new HashSet<>();
    shown.stream().filter(Finding::isOpen).forEach(finding -> open.add(finding.type()));
    MismatchType worst = open.stream().min(Comparator.naturalOrder()).orElse(null);
    String state = state(open, orders, fold);
    Report amount = amount(definition, fold);
    return new Judged(
        state,
        label(state, worst, shown, fold, definition),
        worst,
        shown,
        firstArrivalMs,
        fold.nextDeadlineMs(),
        definition.version(),
        fold.ticked(),
        amount == null ? null : amount.amountMinor(),
        amount == null ? null : amount.currency(),
        !kept.over().isEmpty(),
        kept);
  }

  /** The last REJUDGE that names a known version decides, else the first arrival. */
  private Definition definitionFor(List<Arrival> order, @Nullable Long firstArrivalMs) {
    Definition definition =
        firstArrivalMs == null ? versions.getFirst() : at(firstArrivalMs.longValue());
    for (Arrival arrival : order) {
      Report.Command command = arrival.report().command();
      if (command != null && arrival.report().type().equals("REJUDGE")) {
        for (Definition version : versions) {
          definition = version.version() == command.version() ? version : definition;
        }
      }
    }
    return definition;
  }

  private static String state(Set<MismatchType> open, Orders orders, Fold fold) {
    if (open.isEmpty()) {
      if (orders.resolves() && fold.hasReports()) {
        return "RESOLVED";
      }
      return fold.allExpectedComparable() ? "MATCHED" : "PENDING";
    }
    return open.equals(Set.of(MismatchType.MISSING)) ? "OVERDUE" : "MISMATCHED";
  }

  private static String label(
      String state,
      @Nullable MismatchType worst,
      List<Finding> shown,
      Fold fold,
      Definition definition) {
    if (worst == null) {
      return state.equals("PENDING") ? fold.received() : state;
    }
    return switch (worst) {
      case CURRENCY, AMOUNT, STATUS, ACCOUNT, TIMESTAMP -> worst + "_MISMATCH";
      case DUPLICATE, UNEXPECTED -> worst.name();
      case MISSING -> {
        for (Definition.Source source : definition.sources()) {
          Finding.Key key = new Finding.Key(worst, source.name());
          if (shown.stream().anyMatch(f -> f.isOpen() && f.key().equals(key))) {
            yield source.name().toUpperCase(Locale.ROOT) + "_MISSING";
          }
        }
        throw new IllegalStateException("no missing source in " + shown);
      }
    };
  }

  private static @Nullable Report amount(Definition definition, Fold fold) {
    List<String> names = new ArrayList<>();
    names.add(definition.reference().name());
    definition.sources().forEach(source -> names.add(source.name()));
    for (String name : names) {
      Report view = fold.view(name);
      if (view != null) {
        return view;
      }
    }
    return null;
  }
}
