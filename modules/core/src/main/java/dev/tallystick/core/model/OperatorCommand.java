package dev.tallystick.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's event orders (protocol, section 7). It names the mismatches it was decided on
 * by content, so a command based on an old picture does not cover what came after it.
 *
 * @param by the operator's subject
 * @param accepts the open mismatches seen; empty for REOPEN and REJUDGE
 * @param version rule version for REJUDGE, else 0
 */
public record OperatorCommand(
    String by, @Nullable String reason, List<Accepted> accepts, int version) {

  public static final String RESOLVE = "RESOLVE";
  public static final String WRITE_OFF = "WRITE_OFF";
  public static final String REOPEN = "REOPEN";
  public static final String REJUDGE = "REJUDGE";

  /** One mismatch, by content. */
  public record Accepted(
      MismatchType type,
      String source,
      String field,
      @Nullable String expected,
      @Nullable String actual) {}
}
