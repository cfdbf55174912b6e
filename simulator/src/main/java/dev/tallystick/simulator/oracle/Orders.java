package dev.tallystick.simulator.oracle;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the operators' commands come to (protocol, section 7): the last resolving command that no
 * REOPEN follows, or nothing.
 *
 * @param resolving null: nothing is resolved
 */
record Orders(@Nullable Arrival resolving) {

  static Orders of(List<Arrival> order) {
    Arrival resolving = null;
    for (Arrival arrival : order) {
      if (arrival.isCommand()) {
        switch (arrival.report().type()) {
          case "RESOLVE", "WRITE_OFF" -> resolving = arrival;
          case "REOPEN" -> resolving = null;
          default -> {} // REJUDGE chooses rules, it accepts nothing
        }
      }
    }
    return new Orders(resolving);
  }

  boolean resolves() {
    return resolving != null;
  }

  /** An open mismatch that was accepted is shown closed by the operator. */
  Finding shown(Finding finding) {
    if (resolving == null || !finding.isOpen()) {
      return finding;
    }
    Report.Command command = Objects.requireNonNull(resolving.report().command());
    return command.accepts().stream().anyMatch(accepted -> isSame(accepted, finding))
        ? finding.closed(Math.max(finding.openedAtMs(), resolving.ms()), command.by())
        : finding;
  }

  private static boolean isSame(Report.Accepted accepted, Finding finding) {
    return accepted.type().equals(finding.type().name())
        && accepted.source().equals(finding.source())
        && accepted.field().equals(finding.field())
        && Objects.equals(accepted.expected(), finding.expected())
        && Objects.equals(accepted.actual(), finding.actual());
  }
}
