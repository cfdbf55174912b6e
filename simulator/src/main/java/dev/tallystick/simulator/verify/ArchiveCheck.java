package dev.tallystick.simulator.verify;

import com.github.luben.zstd.ZstdInputStream;
import dev.tallystick.simulator.oracle.LogRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Archived segments against the log: from its start to {@code archived_to}, every record once, with
 * the same bytes (format: {@code event_archive} in V1__engine.sql).
 */
final class ArchiveCheck {

  private final String reconciliation;
  private final String topic;
  private final int partition;
  private final Iterator<Snapshot.Segment> segments;
  private final Findings findings;
  private final Deque<LogRecord> archived = new ArrayDeque<>();

  ArchiveCheck(
      String reconciliation,
      String topic,
      int partition,
      Iterator<Snapshot.Segment> segments,
      Findings findings) {
    this.reconciliation = reconciliation;
    this.topic = topic;
    this.partition = partition;
    this.segments = segments;
    this.findings = findings;
  }

  void run(Log log, long archivedTo) {
    long start = log.start(topic, partition);
    log.read(topic, partition, start, archivedTo, this::compare);
    for (LogRecord extra = next(); extra != null; extra = next()) {
      archived.poll();
      findings.other(reconciliation, partition, place(extra.offset()), "not archived", "archived");
    }
  }

  private void compare(LogRecord record) {
    LogRecord stored = next();
    while (stored != null && stored.offset() < record.offset()) {
      archived.poll();
      findings.other(reconciliation, partition, place(stored.offset()), "once", "again, or alone");
      stored = next();
    }
    if (stored == null || stored.offset() > record.offset()) {
      findings.other(reconciliation, partition, place(record.offset()), "archived", "a gap");
      return;
    }
    archived.poll();
    String difference = difference(record, stored);
    if (difference != null) {
      findings.other(
          reconciliation, partition, place(record.offset()) + " " + difference, "equal", "altered");
    }
  }

  private static @Nullable String difference(LogRecord log, LogRecord stored) {
    if (log.timestampMs() != stored.timestampMs()) {
      return "timestamp";
    }
    if (!Arrays.equals(log.key(), stored.key())) {
      return "key";
    }
    if (!Arrays.equals(log.value(), stored.value())) {
      return "value";
    }
    boolean same = log.headers().size() == stored.headers().size();
    for (int i = 0; same && i < log.headers().size(); i++) {
      LogRecord.Header a = log.headers().get(i);
      LogRecord.Header b = stored.headers().get(i);
      same = a.name().equals(b.name()) && Arrays.equals(a.value(), b.value());
    }
    return same ? null : "headers";
  }

  /** The next archived record, not yet taken; null at the end. */
  private @Nullable LogRecord next() {
    while (archived.isEmpty() && segments.hasNext()) {
      Snapshot.Segment segment = segments.next();
      try {
        archived.addAll(decode(segment));
      } catch (IOException | UncheckedIOException | BufferUnderflowException e) {
        findings.other(
            reconciliation,
            partition,
            "segment " + topic + "/" + partition + "/" + segment.firstOffset(),
            "readable",
            e.toString());
        continue;
      }
      checkFrame(segment);
    }
    return archived.peek();
  }

  private void checkFrame(Snapshot.Segment segment) {
    String place = "segment " + topic + "/" + partition + "/" + segment.firstOffset() + " ";
    findings.other(
        reconciliation, partition, place + "records", archived.size(), segment.records());
    findings.other(
        reconciliation, partition, place + "keeper", reconciliation, segment.reconciliation());
    if (!archived.isEmpty()) {
      findings.other(
          reconciliation,
          partition,
          place + "first_offset",
          archived.getFirst().offset(),
          segment.firstOffset());
      findings.other(
          reconciliation,
          partition,
          place + "last_offset",
          archived.getLast().offset(),
          segment.lastOffset());
    }
  }

  private List<LogRecord> decode(Snapshot.Segment segment) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(decompress(segment));
    List<LogRecord> records = new ArrayList<>();
    while (in.hasRemaining()) {
      long offset = in.getLong();
      long timestampMs = in.getLong();
      byte[] key = bytes(in);
      byte[] value = bytes(in);
      int count = in.getInt();
      List<LogRecord.Header> headers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] name = bytes(in);
        byte[] text = name == null ? new byte[0] : name;
        headers.add(new LogRecord.Header(new String(text, StandardCharsets.UTF_8), bytes(in)));
      }
      records.add(new LogRecord(topic, partition, offset, timestampMs, key, value, headers));
    }
    return records;
  }

  private static byte[] decompress(Snapshot.Segment segment) throws IOException {
    return switch (segment.codec()) {
      case "none" -> segment.payload();
      case "zstd" -> {
        try (ZstdInputStream in =
            new ZstdInputStream(new ByteArrayInputStream(segment.payload()))) {
          yield in.readAllBytes();
        }
      }
      default -> throw new IOException("codec " + segment.codec() + " is not known");
    };
  }

  private static byte @Nullable [] bytes(ByteBuffer in) throws IOException {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new IOException("length " + length + " at byte " + in.position());
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String place(long offset) {
    return "archive of " + topic + "/" + partition + "/" + offset;
  }
}
