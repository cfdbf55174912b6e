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
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Currency;
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
 * that fails gives the reason: record timestamp, size, key, JSON, the fields in the page's order,
 * then the source's name and the key against them.
 */
public final class RecordReader {

  /** {@code record-max}: a larger value is TOO_LARGE. */
  public static final int RECORD_MAX_BYTES = 1 << 20;

  private static final long YEAR_2000_MS = 946_684_800_000L;
  private static final long MAX_AMOUNT_MINOR = 4_000_000_000_000_000_000L;
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,40}");
  private static final Pattern RFC3339 =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
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

  /** An expected refusal on the way. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    final String reason;

    Refusal(String reason, String detail) {
      super(detail);
      this.reason = reason;
    }
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
    if (record.timestampMs() < YEAR_2000_MS) {
      throw new Refusal("BAD_VALUE", "record timestamp " + record.timestampMs());
    }
    byte[] value = record.value() == null ? new byte[0] : record.value();
    if (value.length > RECORD_MAX_BYTES) {
      throw new Refusal("TOO_LARGE", value.length + " bytes");
    }
    if (record.key() == null || record.key().length == 0) {
      throw new Refusal("NO_KEY", "the record has no key");
    }
    JsonNode tree = parse(value);
    refuseNul(tree);
    Report report =
        source.equals(Definition.OPERATOR) ? command(record, tree) : event(record, tree);
    if (!report.txnId().equals(utf8(record.key(), "KEY_MISMATCH"))) {
      throw new Refusal("KEY_MISMATCH", "key is not txn_id " + report.txnId());
    }
    return report;
  }

  private Report event(LogRecord record, JsonNode tree) throws Refusal {
    String txnId = required(tree, "txn_id", 256);
    String named = optional(tree, "source");
    String from = named == null ? source : named.toLowerCase(Locale.ROOT);
    String eventId = optional(tree, "event_id");
    if (eventId != null && (eventId.isEmpty() || eventId.length() > 128)) {
      throw new Refusal("BAD_VALUE", "/event_id: 1 to 128 characters");
    }
    String type = required(tree, "event_type", 40);
    if (!TYPE.matcher(type).matches()) {
      throw new Refusal("BAD_VALUE", "/event_type: " + type);
    }
    String status = required(tree, "status", Integer.MAX_VALUE);
    long amount = integer(present(tree, "amount"), "amount");
    String currency = required(tree, "currency", Integer.MAX_VALUE);
    if (!isKnownCurrency(currency)) {
      throw new Refusal("UNKNOWN_CURRENCY", "/currency: " + currency);
    }
    String account = optional(tree, "account");
    String counterparty = optional(tree, "counterparty");
    long occurredAtMs = instantMs(required(tree, "timestamp", Integer.MAX_VALUE));
    String reference = optional(tree, "reference");
    String channel = optional(tree, "channel");
    JsonNode feeNode = node(tree, "fee");
    Long fee = feeNode == null ? null : integer(feeNode, "fee");
    Map<String, String> attributes = attributes(tree);
    if (!from.equals(source)) {
      throw new Refusal("UNKNOWN_SOURCE", "/source: " + from + " on " + record.topic());
    }
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
    String txnId = required(tree, "txn_id", 256);
    String named = optional(tree, "source");
    String type = required(tree, "event_type", 40);
    if (!COMMANDS.contains(type)) {
      throw new Refusal("BAD_VALUE", "/event_type: " + type);
    }
    String by = required(tree, "by", Integer.MAX_VALUE);
    String reason = optional(tree, "reason");
    JsonNode versionNode = node(tree, "version");
    long version = versionNode == null ? 0 : integer(versionNode, "version");
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
                required(item, "type", 40),
                required(item, "source", Integer.MAX_VALUE),
                required(item, "field", Integer.MAX_VALUE),
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

  private Map<String, String> attributes(JsonNode tree) throws Refusal {
    Map<String, String> all = new TreeMap<>();
    Set<String> known = Set.copyOf(FIELDS.stream().map(this::nameOf).toList());
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
        if (!field.getValue().isTextual()) {
          throw new Refusal("BAD_VALUE", "/" + field.getKey() + ": unknown field, not a text");
        }
        all.put(field.getKey(), field.getValue().textValue());
      }
    }
    JsonNode named = node(tree, "attributes");
    if (named != null) {
      if (!named.isObject()) {
        throw new Refusal("BAD_VALUE", "/attributes: not an object");
      }
      for (Map.Entry<String, JsonNode> field : named.properties()) {
        if (!field.getValue().isTextual()) {
          throw new Refusal("BAD_VALUE", "/attributes/" + field.getKey() + ": not a text");
        }
        all.put(field.getKey(), field.getValue().textValue());
      }
    }
    return all.isEmpty() ? Map.of() : all;
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
      throw new Refusal("NOT_JSON", e.getOriginalMessage());
    }
  }

  /** PostgreSQL cannot store U+0000, so decoding refuses it (protocol, section 6). */
  private static void refuseNul(JsonNode node) throws Refusal {
    if (node.isTextual() && node.textValue().indexOf('\0') >= 0) {
      throw new Refusal("BAD_VALUE", "U+0000 in a text");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getKey().indexOf('\0') >= 0) {
        throw new Refusal("BAD_VALUE", "U+0000 in a name");
      }
    }
    for (JsonNode child : node) {
      refuseNul(child);
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

  private String required(JsonNode tree, String field, int maxLength) throws Refusal {
    JsonNode node = present(tree, field);
    if (!node.isTextual() || node.textValue().isEmpty() || node.textValue().length() > maxLength) {
      throw new Refusal("BAD_VALUE", "/" + nameOf(field) + ": " + node);
    }
    return node.textValue();
  }

  private @Nullable String optional(JsonNode tree, String field) throws Refusal {
    JsonNode node = node(tree, field);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw new Refusal("BAD_VALUE", "/" + nameOf(field) + ": " + node);
    }
    return node.textValue();
  }

  private static long integer(JsonNode node, String field) throws Refusal {
    if (node.isNumber() && !node.isIntegralNumber()) {
      throw new Refusal("FRACTIONAL_AMOUNT", "/" + field + ": " + node);
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() > MAX_AMOUNT_MINOR
        || node.longValue() < -MAX_AMOUNT_MINOR) {
      throw new Refusal("BAD_VALUE", "/" + field + ": " + node);
    }
    return node.longValue();
  }

  private static boolean isKnownCurrency(String code) {
    try {
      return Currency.getInstance(code).getDefaultFractionDigits() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long instantMs(String text) throws Refusal {
    if (!RFC3339.matcher(text).matches()) {
      throw new Refusal("BAD_VALUE", "/timestamp: " + text);
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new Refusal("BAD_VALUE", "/timestamp: " + text);
    }
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
