package dev.tallystick.formats.condition;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.OperatorCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events for conditions: with everything, or with the least. */
final class Events {

  private static final ContentHash CONTENT = new ContentHash(1, 2, 3, 4);

  private Events() {}

  /** With a channel also account, counterparty and reference are there. */
  static Event event(@Nullable String channel, long feeMinor, @Nullable String rail) {
    String optional = channel == null ? null : "x";
    return new Event(
        "TXN1",
        "gateway",
        "e1",
        CONTENT,
        "PAYMENT_CAPTURED",
        "SUCCESS",
        5,
        "INR",
        optional,
        optional,
        42,
        optional,
        channel,
        feeMinor,
        rail == null ? Map.of() : Map.of("rail", rail),
        null,
        0,
        0);
  }

  static Event command(OperatorCommand command, String type) {
    return new Event(
        "TXN1",
        Event.OPERATOR,
        "c1",
        CONTENT,
        type,
        "",
        0,
        "",
        null,
        null,
        Event.NONE,
        null,
        null,
        Event.NONE,
        Map.of(),
        command,
        0,
        0);
  }
}
