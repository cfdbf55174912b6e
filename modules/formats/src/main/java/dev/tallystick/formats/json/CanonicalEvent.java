package dev.tallystick.formats.json;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.wire.JsonText;
import dev.tallystick.core.wire.TimeText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one text of what an event states, and its hash (contracts, section 3): the fields in the
 * contract's order without the event id, no spaces, absent ones left out, the source in lower case,
 * the time in UTC with three digits of milliseconds, attributes sorted by UTF-16 code unit. The
 * text of a command is made the same way: txn_id, source, event_type, by, reason, accepts, version.
 *
 * <p>Stored hashes depend on every byte of it: a golden test holds it. An instance keeps a digest
 * and belongs to one thread.
 */
public final class CanonicalEvent {

  private final MessageDigest sha256;

  public CanonicalEvent() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** SHA-256 of {@link #text}, in UTF-8. */
  public ContentHash hash(Event event) {
    return ContentHash.of(sha256.digest(text(event).getBytes(StandardCharsets.UTF_8)));
  }

  /** The canonical text; neither {@code eventId} nor {@code content} nor the position is read. */
  public static String text(Event event) {
    JsonText json = new JsonText(320).openObject();
    json.name("txn_id").value(event.txnId());
    json.name("source").value(event.source().toLowerCase(Locale.ROOT));
    json.name("event_type").value(event.type());
    OperatorCommand command = event.command();
    if (command == null) {
      report(json, event);
    } else {
      command(json, command);
    }
    return json.closeObject().toString();
  }

  private static void report(JsonText json, Event event) {
    json.name("status").value(event.status());
    json.name("amount").value(event.amountMinor());
    json.name("currency").value(event.currency());
    json.optional("account", event.account());
    json.optional("counterparty", event.counterparty());
    json.name("timestamp").value(TimeText.of(event.occurredAtMs()));
    json.optional("reference", event.reference());
    json.optional("channel", event.channel());
    if (event.feeMinor() != Event.NONE) {
      json.name("fee").value(event.feeMinor());
    }
    attributes(json, event.attributes());
  }

  private static void attributes(JsonText json, Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    json.name("attributes").openObject();
    Map<String, String> sorted = attributes.size() == 1 ? attributes : new TreeMap<>(attributes);
    sorted.forEach((name, value) -> json.name(name).value(value));
    json.closeObject();
  }

  private static void command(JsonText json, OperatorCommand command) {
    json.name("by").value(command.by()).optional("reason", command.reason());
    if (!command.accepts().isEmpty()) {
      json.name("accepts").openArray();
      for (OperatorCommand.Accepted accepted : command.accepts()) {
        json.openObject().name("type").value(accepted.type().name());
        json.name("source").value(accepted.source()).name("field").value(accepted.field());
        json.optional("expected", accepted.expected());
        json.optional("actual", accepted.actual()).closeObject();
      }
      json.closeArray();
    }
    if (command.version() != 0) {
      json.name("version").value(command.version());
    }
  }
}
