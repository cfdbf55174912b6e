package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.model.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** From Kafka's record to ours. */
final class RawRecords {

  private static final int SHOWN_CHARACTERS = 80;

  private RawRecords() {}

  static RawRecord of(ConsumerRecord<byte[], byte[]> record) {
    List<RawRecord.Header> headers = List.of();
    Header[] sent = record.headers().toArray();
    if (sent.length > 0) {
      headers = new ArrayList<>(sent.length);
      for (Header header : sent) {
        headers.add(new RawRecord.Header(header.key(), header.value()));
      }
    }
    return new RawRecord(
        record.offset(), record.timestamp(), record.key(), record.value(), headers);
  }

  /** A key for a message: control characters replaced, not too long. */
  static String text(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
