package dev.tallystick.formats.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compiles conditions. The variable is {@code event}, with the fields of {@link
 * dev.tallystick.formats.EventField} under their names on the wire: amount and fee are ints in
 * minor units, timestamp is a timestamp, attributes a map of texts, all others texts. The result
 * must be a bool. CEL has no clock and no chance, so the same event always gives the same answer.
 */
public final class Conditions {

  /** Characters of a condition. */
  public static final int TEXT_MAX = 4096;

  private static final String VARIABLE = "event";

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(TEXT_MAX)
          .maxParseRecursionDepth(64)
          .comprehensionMaxIterations(1_000)
          .build();

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .setTypeProvider(EventView.TYPES)
          .addVar(VARIABLE, EventView.TYPE)
          .setResultType(SimpleType.BOOL)
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();

  private Conditions() {}

  /**
   * The condition that {@code text} says; common shapes are answered without CEL.
   *
   * @throws ConditionException if it is no CEL, names a field no event has, or is no bool
   */
  public static Condition compile(String text) throws ConditionException {
    CelAbstractSyntaxTree tree = check(text);
    List<FieldTest> tests = new ArrayList<>();
    return FieldTest.collect(tree.getExpr(), tests)
        ? new Conjunction(text, List.copyOf(tests))
        : evaluated(text, tree);
  }

  /** The same, always evaluated by CEL: what the short cut is held against. */
  static Condition compileWithoutShortcut(String text) throws ConditionException {
    return evaluated(text, check(text));
  }

  private static CelAbstractSyntaxTree check(String text) throws ConditionException {
    try {
      return COMPILER.compile(text).getAst();
    } catch (CelValidationException e) {
      CelIssue first = e.getErrors().getFirst();
      throw new ConditionException(
          "is no condition: "
              + first.getMessage().lines().findFirst().orElse("")
              + " (line "
              + first.getSourceLocation().getLine()
              + ", character "
              + (first.getSourceLocation().getColumn() + 1)
              + ")");
    }
  }

  private static Condition evaluated(String text, CelAbstractSyntaxTree tree)
      throws ConditionException {
    try {
      return new Evaluated(text, RUNTIME.createProgram(tree));
    } catch (CelEvaluationException e) {
      throw new ConditionException("is no condition: " + e.getMessage());
    }
  }

  /** All tests hold. */
  private record Conjunction(String text, List<FieldTest> tests) implements Condition {
    @Override
    public boolean test(Event event) {
      for (FieldTest test : tests) {
        if (!test.test(event)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Asks CEL; an error (a field the event lacks) is a no. */
  private record Evaluated(String text, CelRuntime.Program program) implements Condition {
    @Override
    public boolean test(Event event) {
      try {
        return Boolean.TRUE.equals(program.eval(Map.of(VARIABLE, EventView.of(event))));
      } catch (CelEvaluationException e) {
        return false;
      }
    }
  }
}
