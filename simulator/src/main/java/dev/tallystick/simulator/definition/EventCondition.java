package dev.tallystick.simulator.definition;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;

/**
 * {@code where} or {@code when}: a CEL expression over the variable {@code event}, a map of the
 * fields the event has (names of contracts, section 3; the timestamp as text).
 */
public final class EventCondition {

  /** True for every event. */
  public static final EventCondition ALWAYS = of("true");

  private final String text;
  private final CelRuntime.Program program;

  private EventCondition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
  }

  /**
   * @throws IllegalArgumentException the expression does not compile
   */
  public static EventCondition of(String text) {
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("event", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .setResultType(SimpleType.BOOL)
            .build();
    try {
      CelRuntime runtime = CelRuntimeFactory.legacyCelRuntimeBuilder().build();
      return new EventCondition(
          text, runtime.createProgram(compiler.compile(text, "condition").getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalArgumentException("condition \"" + text + "\": " + e.getMessage(), e);
    }
  }

  /** A field the event lacks makes it false, never an error. */
  public boolean test(Map<String, Object> fields) {
    try {
      return Boolean.TRUE.equals(program.eval(Map.of("event", fields)));
    } catch (CelEvaluationException e) {
      return false; // an absent field, or a comparison of two kinds of value
    }
  }

  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
