package dev.tallystick.formats.condition;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.tallystick.core.model.Event;
import dev.tallystick.formats.EventField;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event as conditions see it. For the type checker it is a struct, so that a misspelt field is
 * found at start; when a condition is evaluated it is a map of the fields that are there. {@code
 * attributes} is always there, empty or not, so that {@code 'rail' in event.attributes} has an
 * answer.
 */
final class EventView {

  /** The space keeps a condition from spelling it: a struct cannot be made at run time. */
  static final StructType TYPE =
      StructType.create(
          "tallystick event",
          Arrays.stream(EventField.values())
              .map(EventField::wireName)
              .collect(ImmutableSet.toImmutableSet()),
          EventView::typeOf);

  static final CelTypeProvider TYPES =
      new CelTypeProvider() {
        @Override
        public ImmutableCollection<CelType> types() {
          return ImmutableList.of(TYPE);
        }

        @Override
        public Optional<CelType> findType(String name) {
          return name.equals(TYPE.name()) ? Optional.of(TYPE) : Optional.empty();
        }
      };

  private EventView() {}

  private static Optional<CelType> typeOf(String name) {
    EventField field = EventField.of(name);
    if (field == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (field) {
          case AMOUNT, FEE -> SimpleType.INT;
          case TIMESTAMP -> SimpleType.TIMESTAMP;
          case ATTRIBUTES -> MapType.create(SimpleType.STRING, SimpleType.STRING);
          case TXN_ID,
              SOURCE,
              EVENT_ID,
              EVENT_TYPE,
              STATUS,
              CURRENCY,
              ACCOUNT,
              COUNTERPARTY,
              REFERENCE,
              CHANNEL ->
              SimpleType.STRING;
        });
  }

  /** The fields that are there, by their names on the wire. */
  static Map<String, Object> of(Event event) {
    Map<String, Object> view = HashMap.newHashMap(16);
    for (EventField field : EventField.values()) {
      Object value = value(event, field);
      if (value != null) {
        view.put(field.wireName(), value);
      }
    }
    return view;
  }

  /** The field's value, or null where the event lacks it. */
  static @Nullable Object value(Event event, EventField field) {
    return switch (field) {
      case TXN_ID -> event.txnId();
      case SOURCE -> event.source();
      case EVENT_ID -> event.eventId();
      case EVENT_TYPE -> event.type();
      case STATUS -> event.isCommand() ? null : event.status();
      case AMOUNT -> event.isCommand() ? null : event.amountMinor();
      case CURRENCY -> event.isCommand() ? null : event.currency();
      case ACCOUNT -> event.account();
      case COUNTERPARTY -> event.counterparty();
      case TIMESTAMP ->
          event.occurredAtMs() == Event.NONE ? null : Instant.ofEpochMilli(event.occurredAtMs());
      case REFERENCE -> event.reference();
      case CHANNEL -> event.channel();
      case FEE -> event.feeMinor() == Event.NONE ? null : event.feeMinor();
      case ATTRIBUTES -> event.attributes();
    };
  }
}
