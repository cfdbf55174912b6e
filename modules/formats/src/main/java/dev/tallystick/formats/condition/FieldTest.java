package dev.tallystick.formats.condition;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.tallystick.core.model.Event;
import dev.tallystick.formats.EventField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The common shapes of a condition, answered without evaluating CEL: {@code has(event.x)}, {@code
 * !has(event.x)}, {@code event.x == 'literal'}. A property holds them equal to CEL.
 *
 * @param literal for EQUALS, else null
 */
record FieldTest(Kind kind, EventField field, @Nullable String literal) {

  /** What is asked of the field. */
  enum Kind {
    HAS,
    LACKS,
    EQUALS
  }

  boolean test(Event event) {
    Object value = EventView.value(event, field);
    return switch (kind) {
      case HAS -> value != null;
      case LACKS -> value == null;
      case EQUALS -> value != null && value.equals(literal);
    };
  }

  /** Adds the tests whose conjunction is the expression; false if there are none. */
  static boolean collect(CelExpr expression, List<FieldTest> into) {
    if (isCall(expression, "_&&_")) {
      return expression.call().args().stream().allMatch(part -> collect(part, into));
    }
    FieldTest test = single(expression);
    return test != null && into.add(test);
  }

  private static @Nullable FieldTest single(CelExpr expression) {
    if (isCall(expression, "!_")) {
      EventField field = field(expression.call().args().getFirst(), true);
      return field == null ? null : new FieldTest(Kind.LACKS, field, null);
    }
    if (isCall(expression, "_==_")) {
      List<CelExpr> sides = expression.call().args();
      FieldTest test = equality(sides.getFirst(), sides.getLast());
      return test != null ? test : equality(sides.getLast(), sides.getFirst());
    }
    EventField field = field(expression, true);
    return field == null ? null : new FieldTest(Kind.HAS, field, null);
  }

  private static @Nullable FieldTest equality(CelExpr left, CelExpr right) {
    EventField field = field(left, false);
    if (field == null
        || right.getKind() != CelExpr.ExprKind.Kind.CONSTANT
        || right.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      return null;
    }
    return new FieldTest(Kind.EQUALS, field, right.constant().stringValue());
  }

  private static @Nullable EventField field(CelExpr expression, boolean presence) {
    if (expression.getKind() != CelExpr.ExprKind.Kind.SELECT
        || expression.select().testOnly() != presence
        || expression.select().operand().getKind() != CelExpr.ExprKind.Kind.IDENT) {
      return null;
    }
    return EventField.of(expression.select().field());
  }

  private static boolean isCall(CelExpr expression, String function) {
    return expression.getKind() == CelExpr.ExprKind.Kind.CALL
        && expression.call().function().equals(function);
  }
}
