package dev.tallystick.verticles.api;

import dev.tallystick.core.model.RawRecord;
import dev.tallystick.storage.read.DeadLetterLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A record that is in no transaction, for people to see why. */
final class DeadLetterView {

  static final int EXCERPT_MAX = 1_024;

  private DeadLetterView() {}

  static JsonObject item(DeadLetterLine line) {
    return new JsonObject()
        .put("reconciliation", line.reconciliation())
        .put("topic", line.topic())
        .put("partition", line.partition())
        .put("offset", line.offset())
        .put("source", line.source())
        .put("reason", line.reason().name())
        .put("detail", line.detail())
        .put("key", excerpt(line.key(), line.keySize()))
        .put("value", excerpt(line.value(), line.size()))
        .put("size", line.size())
        .put("recorded_at", Json.time(line.recordedAtMs()))
        .put("created_at", Json.time(line.createdAtMs()));
  }

  static JsonObject whole(DeadLetterLine line) {
    JsonArray headers = new JsonArray();
    for (RawRecord.Header header : line.headers()) {
      headers.add(new JsonArray().add(header.name()).add(base64(header.value())));
    }
    return item(line)
        .put("key_base64", base64(line.key()))
        .put("value_base64", base64(line.value()))
        .put("headers", headers);
  }

  /**
   * At most {@value #EXCERPT_MAX} characters, or null when it is no UTF-8.
   *
   * @param size of the whole; bytes that are fewer may end inside a character
   */
  static @Nullable String excerpt(byte @Nullable [] bytes, long size) {
    if (bytes == null) {
      return null;
    }
    boolean whole = bytes.length == size;
    CharBuffer text = CharBuffer.allocate(Math.min(bytes.length, EXCERPT_MAX));
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes), text, whole);
    return result.isError() ? null : text.flip().toString();
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
