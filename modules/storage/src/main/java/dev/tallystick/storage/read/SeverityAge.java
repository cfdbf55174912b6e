package dev.tallystick.storage.read;

import dev.tallystick.core.model.Severity;
import java.util.Locale;

/**
 * Age adds one step to a severity (contracts, section 3): a mismatch that was open for {@value
 * #STEP_HOURS} hours of log time is one step more urgent, never beyond the most urgent. While it is
 * open its age counts to the database's now; closing it stops the clock and takes nothing back, so
 * a list of closed mismatches shows how urgent they had become.
 *
 * <p>The step is taken in SQL, since lists are filtered and counted by it. What is stored and
 * published is the severity without it: {@code core.judge.SeverityScale}.
 */
final class SeverityAge {

  static final int STEP_HOURS = 24;

  /** Of {@code m}, a mismatch. */
  static final String AGED =
      """
      (case when m.opened_at
                 <= coalesce(m.closed_at, transaction_timestamp()) - interval '%d hours'
            then case m.severity %s else m.severity end
            else m.severity end)\
      """
          .formatted(STEP_HOURS, steps());

  private SeverityAge() {}

  /** Each severity becomes the one before it in the enum's order. */
  private static String steps() {
    StringBuilder steps = new StringBuilder();
    Severity[] scale = Severity.values();
    for (int i = 1; i < scale.length; i++) {
      steps.append(
          String.format(Locale.ROOT, "when '%s' then '%s' ", scale[i].name(), scale[i - 1].name()));
    }
    return steps.toString().strip();
  }
}
