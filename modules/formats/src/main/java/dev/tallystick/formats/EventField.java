package dev.tallystick.formats;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of an event in the contract's order, with their names on the wire (section 3). */
public enum EventField {
  TXN_ID("txn_id", true),
  /** Absent on Kafka: the topic says it. */
  SOURCE("source", false),
  EVENT_ID("event_id", false),
  EVENT_TYPE("event_type", true),
  STATUS("status", true),
  AMOUNT("amount", true),
  CURRENCY("currency", true),
  ACCOUNT("account", false),
  COUNTERPARTY("counterparty", false),
  TIMESTAMP("timestamp", true),
  REFERENCE("reference", false),
  CHANNEL("channel", false),
  FEE("fee", false),
  ATTRIBUTES("attributes", false);

  private static final Map<String, EventField> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(EventField::wireName, Function.identity()));

  private final String wireName;
  private final boolean required;

  EventField(String wireName, boolean required) {
    this.wireName = wireName;
    this.required = required;
  }

  /** The field of that name, or null. */
  public static @Nullable EventField of(String wireName) {
    return BY_NAME.get(wireName);
  }

  public String wireName() {
    return wireName;
  }

  /** Whether a record without it is refused. */
  public boolean required() {
    return required;
  }
}
