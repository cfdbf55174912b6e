package dev.tallystick.simulator.oracle;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tallystick.simulator.definition.Definition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one topic → events, strictly (contracts, section 3). Checks run in this order, the first
 * that fails gives the reason: size, key, record timestamp, JSON, the fields given in the payload's
 * order, the fields missing in the page's order, then the key against the txn_id.
 */
public final class RecordReader {

  /** {@code record-max}: a larger value is TOO_LARGE. */
  public static final int RECORD_MAX_BYTES = 1 << 20;

  private static final long YEAR_2000_MS = 946_684_800_000L;
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,40}");
  private static final Set<String> COMMANDS = Set.of("RESOLVE", "WRITE_OFF", "REOPEN", "REJUDGE");
  private static final List<String> FIELDS =
      List.of(
          "txn_id",
          "source",
          "event_id",
          "event_type",
          "status",
          "amount",
          "currency",
          "account",
          "counterparty",
          "timestamp",
          "reference",
          "channel",
          "fee",
          "attributes");
  private static final List<String> REQUIRED =
      List.of("txn_id", "event_type", "status", "amount", "currency", "timestamp");
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final String source;
  private final Map<String, String> mapping;
  private final Map<String, String> common = new HashMap<>();

  /**
   * @param source whose topic it is; {@link Definition#OPERATOR} for the commands topic
   * @param mapping event field → name in the payload; what it does not name keeps its own
   */
  public RecordReader(String source, Map<String, String> mapping) {
    this.source = source;
    this.mapping = mapping;
  }

  /** Not safe for several threads at once. */
  public Decoded read(LogRecord record) {
    try {
      return new Decoded.Event(decode(record));
    } catch (Refusal refusal) {
      return new Decoded.Refused(refusal.reason, String.valueOf(refusal.getMessage()));
    }
  }

  private Report decode(LogRecord record) throws Refusal {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    long size = record.sizeBytes();
    if (size > RECORD_MAX_BYTES) {
      throw new Refusal("TOO_LARGE", size + " bytes");
    }
    if (record.key() == null || record.key().length == 0) {
      throw new Refusal("NO_KEY", "the record has no key");
    }
    if (record.timestampMs() < YEAR_2000_MS) {
      throw new Refusal("BAD_VALUE", "record timestamp " + record.timestampMs());
    }
    JsonNode tree = parse(value);
    Report report =
        source.equals(Definition.OPERATOR) ? command(record, tree) : event(record, tree);
    if (!report.txnId().equals(utf8(record.key(), "KEY_MISMATCH"))) {
      throw new Refusal("KEY_MISMATCH", "key is not txn_id " + report.txnId());
    }
    return report;
  }

  private Report event(LogRecord record, JsonNode tree) throws Refusal {
    Map<String, String> attributes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      check(field.getKey(), field.getValue(), attributes);
    }
    for (String field : REQUIRED) {
      present(tree, field);
    }
    String txnId = required(tree, "txn_id");
    String from = source;
    String eventId = optional(tree, "event_id");
    String type = required(tree, "event_type");
    String status = required(tree, "status");
    long amount = FieldChecks.integer(present(tree, "amount"), "amount");
    String currency = required(tree, "currency");
    String account = optional(tree, "account");
    String counterparty = optional(tree, "counterparty");
    long occurredAtMs = FieldChecks.instantMs(required(tree, "timestamp"));
    String reference = optional(tree, "reference");
    String channel = optional(tree, "channel");
    JsonNode feeNode = node(tree, "fee");
    Long fee = feeNode == null ? null : FieldChecks.integer(feeNode, "fee");
    byte[] content =
        Canonical.sha256(
            new Canonical()
                .text("txn_id", txnId)
                .text("source", from)
                .text("event_type", type)
                .text("status", status)
                .number("amount", amount)
                .text("currency", currency)
                .text("account", account)
                .text("counterparty", counterparty)
                .text("timestamp", Report.time(occurredAtMs))
                .text("reference", reference)
                .text("channel", channel)
                .number("fee", fee)
                .texts("attributes", attributes)
                .json());
    return new Report(
        source,
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestampMs(),
        txnId,
        eventId == null ? Canonical.hex(content) : eventId,
        Canonical.base64(content),
        common(type),
        common(status),
        amount,
        common(currency),
        account,
        counterparty,
        occurredAtMs,
        reference,
        channel == null ? null : common(channel),
        fee,
        attributes,
        null);
  }

  private Report command(LogRecord record, JsonNode tree) throws Refusal {
    String txnId = required(tree, "txn_id");
    String named = optional(tree, "source");
    String type = required(tree, "event_type");
    if (!COMMANDS.contains(type)) {
      throw new Refusal("BAD_VALUE", "/event_type: " + type);
    }
    String by = required(tree, "by");
    String reason = optional(tree, "reason");
    JsonNode versionNode = node(tree, "version");
    long version = versionNode == null ? 0 : FieldChecks.integer(versionNode, "version");
    if (version < 0 || version > Integer.MAX_VALUE || (type.equals("REJUDGE") && version == 0)) {
      throw new Refusal("BAD_VALUE", "/version: " + version);
    }
    List<Report.Accepted> accepts = new ArrayList<>();
    JsonNode list = node(tree, "accepts");
    if (list != null) {
      if (!list.isArray()) {
        throw new Refusal("BAD_VALUE", "/accepts: not a list");
      }
      for (JsonNode item : list) {
        accepts.add(
            new Report.Accepted(
                required(item, "type"),
                required(item, "source"),
                required(item, "field"),
                scalar(item.get("expected")),
                scalar(item.get("actual"))));
      }
    }
    if (named != null && !named.toLowerCase(Locale.ROOT).equals(source)) {
      throw new Refusal("UNKNOWN_SOURCE", "/source: " + named);
    }
    byte[] content =
        Canonical.sha256(
            new Canonical()
                .text("txn_id", txnId)
                .text("source", source)
                .text("event_type", type)
                .text("by", by)
                .text("reason", reason)
                .raw("accepts", accepts.toString())
                .number("version", version == 0 ? null : version)
                .json());
    String eventId = optional(tree, "event_id");
    return new Report(
        source,
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestampMs(),
        txnId,
        eventId == null ? Canonical.hex(content) : eventId,
        Canonical.base64(content),
        type,
        "",
        0,
        "",
        null,
        null,
        0,
        null,
        null,
        null,
        Map.of(),
        new Report.Command(by, reason, List.copyOf(accepts), (int) version));
  }

  /** One field as it is given; what is not known to the page becomes an attribute. */
  private void check(String name, JsonNode value, Map<String, String> attributes) throws Refusal {
    String field = fieldOf(name);
    if (field == null) {
      attribute(name, value, attributes);
      return;
    }
    if (value.isNull()) {
      return; // the same as absent
    }
    switch (field) {
      case "source" -> {
        if (!FieldChecks.text(value, name, 1024).toLowerCase(Locale.ROOT).equals(source)) {
          throw new Refusal("UNKNOWN_SOURCE", "/source: " + value);
        }
      }
      case "event_type" -> {
        if (!TYPE.matcher(FieldChecks.text(value, name, 40)).matches()) {
          throw new Refusal("BAD_VALUE", "/event_type: " + value);
        }
      }
      case "currency" -> FieldChecks.currency(FieldChecks.text(value, name, 1024));
      case "timestamp" -> FieldChecks.instantMs(FieldChecks.text(value, name, 1024));
      case "amount", "fee" -> FieldChecks.integer(value, name);
      case "attributes" -> {
        if (!value.isObject()) {
          throw new Refusal("BAD_VALUE", "/attributes: not an object");
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          attribute(entry.getKey(), entry.getValue(), attributes);
        }
      }
      case "txn_id" -> FieldChecks.text(value, name, 256);
      case "event_id" -> FieldChecks.text(value, name, 128);
      default -> FieldChecks.text(value, name, 1024);
    }
  }

  private static void attribute(String name, JsonNode value, Map<String, String> attributes)
      throws Refusal {
    String text = FieldChecks.text(value, name, 1024);
    FieldChecks.storable(name, name, 1024);
    if (attributes.size() == 64 || attributes.put(name, text) != null) {
      throw new Refusal("BAD_VALUE", "/" + name + ": twice, or more than 64 attributes");
    }
  }

  /** The event field that reads this name of the payload. */
  private @Nullable String fieldOf(String name) {
    for (String field : FIELDS) {
      if (nameOf(field).equals(name)) {
        return field;
      }
    }
    return null;
  }

  private static JsonNode parse(byte[] value) throws Refusal {
    String text = utf8(value, "NOT_JSON");
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree == null || !tree.isObject()) {
        throw new Refusal("NOT_JSON", "not an object");
      }
      return tree;
    } catch (JsonProcessingException e) {
      String what = String.valueOf(e.getOriginalMessage());
      throw new Refusal(what.startsWith("Duplicate field") ? "BAD_VALUE" : "NOT_JSON", what);
    }
  }

  private String nameOf(String field) {
    return mapping.getOrDefault(field, field);
  }

  /** Null and absent are the same. */
  private @Nullable JsonNode node(JsonNode tree, String field) {
    JsonNode node = tree.get(nameOf(field));
    return node == null || node.isNull() ? null : node;
  }

  private JsonNode present(JsonNode tree, String field) throws Refusal {
    JsonNode node = node(tree, field);
    if (node == null) {
      throw new Refusal("MISSING_FIELD", "/" + nameOf(field));
    }
    return node;
  }

  private String required(JsonNode tree, String field) throws Refusal {
    return FieldChecks.text(present(tree, field), nameOf(field), 1024);
  }

  private @Nullable String optional(JsonNode tree, String field) throws Refusal {
    JsonNode node = node(tree, field);
    return node == null ? null : FieldChecks.text(node, nameOf(field), 1024);
  }

  private static @Nullable String scalar(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node.asText();
  }

  private static String utf8(byte[] bytes, String reason) throws Refusal {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(reason, "not UTF-8");
    }
  }

  /** One copy of the few values that nearly every event shares. */
  private String common(String value) {
    if (common.size() > 1_000) {
      common.clear();
    }
    String before = common.putIfAbsent(value, value);
    return before == null ? value : before;
  }
}
