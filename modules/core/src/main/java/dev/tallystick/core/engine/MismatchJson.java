package dev.tallystick.core.engine;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.wire.JsonText;
import dev.tallystick.core.wire.TimeText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The message about one mismatch that browsers and webhooks receive (contracts, section 4). */
public final class MismatchJson {

  private MismatchJson() {}

  /**
   * @param committedAtMs time of the commit that stored the change, epoch milliseconds
   */
  public static String of(String reconciliation, int partition, Change change, long committedAtMs) {
    JsonText json = new JsonText(512).openObject();
    json.name("v").value(1).name("seq").value(change.seq()).name("partition").value(partition);
    json.name("reconciliation").value(reconciliation).name("txn_id").value(change.txnId());
    json.name("change").value(change.kind().name()).name("state").value(change.state().name());
    json.name("label").value(change.label()).name("version").value(change.version());
    json.name("committed_at").value(time(committedAtMs));
    json.name("mismatch");
    mismatch(json, reconciliation, change.txnId(), change.mismatch());
    return json.closeObject().toString();
  }

  /** The object {@code mismatch} of such a message alone. */
  public static String mismatch(String reconciliation, String txnId, Mismatch mismatch) {
    JsonText json = new JsonText(384);
    mismatch(json, reconciliation, txnId, mismatch);
    return json.toString();
  }

  private static void mismatch(
      JsonText json, String reconciliation, String txnId, Mismatch mismatch) {
    json.openObject();
    json.name("id").value(id(reconciliation, txnId, mismatch.type(), mismatch.source()));
    json.name("type").value(mismatch.type().name());
    json.name("source").value(mismatch.source());
    json.name("severity").value(mismatch.severity().name()).name("field").value(mismatch.field());
    value(json, "expected", mismatch, mismatch.expected());
    value(json, "actual", mismatch, mismatch.actual());
    number(json, "delta", mismatch.delta());
    json.name("currency").value(mismatch.currency());
    number(json, "tolerance", mismatch.tolerance());
    json.name("rule").value(mismatch.rule()).name("sources").openArray();
    mismatch.sources().forEach(json::value);
    json.closeArray();
    json.name("opened_at").value(time(mismatch.openedAtMs()));
    json.name("closed_at").value(mismatch.isOpen() ? null : time(mismatch.closedAtMs()));
    json.name("closed_by").value(mismatch.closedBy());
    json.closeObject();
  }

  /** First 32 hexadecimal digits of SHA-256 over the four, one per line. */
  public static String id(String reconciliation, String txnId, MismatchType type, String source) {
    String name = reconciliation + '\n' + txnId + '\n' + type + '\n' + source;
    byte[] digest = sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  private static void value(JsonText json, String name, Mismatch mismatch, @Nullable String value) {
    json.name(name);
    Long number = mismatch.type() == MismatchType.AMOUNT ? integer(value) : null;
    if (number != null) {
      json.value(number);
    } else {
      json.value(value);
    }
  }

  /** A custom rule may put any text where the built-in one has an amount. */
  private static @Nullable Long integer(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static void number(JsonText json, String name, @Nullable Long value) {
    json.name(name);
    if (value == null) {
      json.nothing();
    } else {
      json.value(value);
    }
  }

  private static @Nullable String time(long ms) {
    return ms == Event.NONE ? null : TimeText.of(ms);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
