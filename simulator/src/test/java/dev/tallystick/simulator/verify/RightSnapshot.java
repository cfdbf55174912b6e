package dev.tallystick.simulator.verify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.luben.zstd.Zstd;
import dev.tallystick.simulator.definition.Definition;
import dev.tallystick.simulator.oracle.Decoded;
import dev.tallystick.simulator.oracle.Finding;
import dev.tallystick.simulator.oracle.Judged;
import dev.tallystick.simulator.oracle.LogRecord;
import dev.tallystick.simulator.oracle.Oracle;
import dev.tallystick.simulator.oracle.RecordReader;
import dev.tallystick.simulator.oracle.Report;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL holds after an engine without a mistake has read a whole log: made by the oracle,
 * so it proves nothing about verdicts, and is there to be damaged. The lists are open for that.
 */
final class RightSnapshot implements Snapshot {

  private static final JsonMapper JSON = new JsonMapper();

  final List<Definition> definitions;
  private final LogView log;
  final List<Progress> progress = new ArrayList<>();
  final Map<String, List<Transaction>> transactions = new TreeMap<>();
  final Map<String, List<Mismatch>> mismatches = new TreeMap<>();
  final Map<String, List<DeadLetter>> deadLetters = new TreeMap<>();
  final Map<String, List<Count>> statistics = new TreeMap<>();
  final Map<String, List<OutboxEntry>> outbox = new TreeMap<>();
  final Map<String, List<Segment>> segments = new TreeMap<>();

  RightSnapshot(List<Definition> definitions, LogView log, int partitions, long watermarkMs) {
    this.definitions = definitions;
    this.log = log;
    Rulebooks rulebooks = new Rulebooks(definitions);
    for (Definition definition : definitions) {
      for (int partition = 0; partition < partitions; partition++) {
        write(definition, rulebooks, log, partition, watermarkMs);
      }
    }
  }

  /** Records of a topic partition. */
  interface LogView {
    List<LogRecord> of(String topic, int partition);
  }

  byte @Nullable [] keyOf(String topic, int partition, long offset) {
    return log.of(topic, partition).get((int) offset).key();
  }

  static String place(String name, int partition) {
    return name + "/" + partition;
  }

  private void write(
      Definition definition, Rulebooks rulebooks, LogView log, int partition, long watermarkMs) {
    String name = definition.name();
    String place = place(name, partition);
    Map<String, List<Report>> events = new TreeMap<>();
    List<DeadLetter> dead = new ArrayList<>();
    Map<String, String> topics = new TreeMap<>();
    definition.sources().forEach(source -> topics.put(source.name(), source.topic()));
    topics.put(Definition.OPERATOR, definition.commandsTopic());
    Progress row =
        new Progress(
            name,
            partition,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            watermarkMs);
    topics.forEach(
        (source, topic) -> {
          List<LogRecord> records = log.of(topic, partition);
          boolean keeper = rulebooks.keeper(topic).equals(name);
          long refused = 0;
          long skipped = 0;
          for (LogRecord record : records) {
            switch (new RecordReader(source, Map.of()).read(record)) {
              case Decoded.Event(Report report) -> {
                if (rulebooks.takes(name, report)) {
                  events.computeIfAbsent(report.txnId(), id -> new ArrayList<>()).add(report);
                } else {
                  skipped++;
                }
              }
              case Decoded.Refused(String reason, String detail) -> {
                if (!keeper) {
                  skipped++;
                } else {
                  refused++;
                  dead.add(new DeadLetter(source, topic, record.offset(), reason));
                }
              }
            }
          }
          row.sources().add(source);
          row.topics().add(topic);
          row.positions().add((long) records.size());
          row.archivedTo().add((long) records.size());
          row.recordsRead().add((long) records.size());
          row.recordsDead().add(refused);
          row.recordsSkipped().add(skipped);
          if (keeper) {
            segments.put(place(topic, partition), segments(name, records));
          }
        });
    progress.add(row);
    deadLetters.put(place, dead);
    judge(definition, place, events, watermarkMs);
    outbox.put(
        place,
        new ArrayList<>(
            List.of(new OutboxEntry(1, 1), new OutboxEntry(2, 1), new OutboxEntry(3, 2))));
  }

  private void judge(
      Definition definition, String place, Map<String, List<Report>> events, long watermarkMs) {
    List<Transaction> rows = new ArrayList<>();
    List<Mismatch> found = new ArrayList<>();
    Map<Count, Long> counts = new HashMap<>();
    events.forEach(
        (txnId, reports) -> {
          Judged judged = new Oracle(List.of(definition)).judge(reports, watermarkMs);
          Transaction row = row(txnId, judged, reports);
          rows.add(row);
          for (Finding finding : judged.mismatches()) {
            found.add(new Mismatch(id(definition.name(), txnId, finding), txnId, finding));
          }
          Long arrivalMs = row.firstArrivalMs();
          Long minuteMs = arrivalMs == null ? null : arrivalMs / 60_000 * 60_000;
          String worst = row.worst() == null ? "" : row.worst();
          counts.merge(new Count(minuteMs, row.state(), worst, 0), 1L, Long::sum);
        });
    transactions.put(place, rows);
    mismatches.put(place, found);
    List<Count> statistic = new ArrayList<>();
    counts.forEach((c, n) -> statistic.add(new Count(c.minuteMs(), c.state(), c.worst(), n)));
    statistics.put(place, statistic);
  }

  private static Transaction row(String txnId, Judged judged, List<Report> reports) {
    Map<String, long[]> tallies = new TreeMap<>();
    for (Report report : reports) {
      long[] tally = tallies.computeIfAbsent(report.source(), s -> new long[] {-1, 0});
      tally[0] = Math.max(tally[0], report.offset());
    }
    judged
        .kept()
        .redelivered()
        .forEach(
            r -> {
              long[] tally = tallies.get(r.source());
              if (tally != null) {
                tally[1]++;
              }
            });
    return new Transaction(
        txnId,
        judged.state(),
        judged.label(),
        judged.worst() == null ? null : judged.worst().name(),
        judged.amountMinor(),
        judged.currency(),
        judged.firstArrivalMs(),
        judged.nextDeadlineMs(),
        judged.ruleVersion(),
        judged.overflow(),
        judged.kept().redelivered().size(),
        JSON.valueToTree(tallies).toString(),
        events(judged.kept().inRowOrder()));
  }

  /** The column {@code events}. */
  static String events(List<Report> reports) {
    ArrayNode all = JSON.createArrayNode();
    for (Report r : reports) {
      List<@Nullable Object> values = new ArrayList<>();
      values.add(r.source());
      values.add(r.offset());
      values.add(r.recordedAtMs());
      values.add(r.content());
      values.add(r.eventId());
      values.add(r.type());
      values.add(r.status());
      values.add(r.amountMinor());
      values.add(r.currency());
      values.add(r.occurredAtMs());
      values.add(r.account());
      values.add(r.counterparty());
      values.add(r.reference());
      values.add(r.channel());
      values.add(r.fee());
      values.add(r.attributes().isEmpty() ? null : r.attributes());
      while (values.getLast() == null) {
        values.removeLast();
      }
      all.add(JSON.valueToTree(values));
    }
    return all.toString();
  }

  private static String id(String reconciliation, String txnId, Finding m) {
    String name = reconciliation + "\n" + txnId + "\n" + m.type() + "\n" + m.source();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Segment> segments(String keeper, List<LogRecord> records) {
    List<Segment> segments = new ArrayList<>();
    for (int from = 0; from < records.size(); from += 100) {
      List<LogRecord> part = records.subList(from, Math.min(records.size(), from + 100));
      segments.add(
          new Segment(
              keeper,
              part.getFirst().offset(),
              part.getLast().offset(),
              part.size(),
              "zstd",
              Zstd.compress(payload(part))));
    }
    return segments;
  }

  static byte[] payload(List<LogRecord> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (LogRecord record : records) {
        out.writeLong(record.offset());
        out.writeLong(record.timestampMs());
        bytes(out, record.key());
        bytes(out, record.value());
        out.writeInt(record.headers().size());
        for (LogRecord.Header header : record.headers()) {
          bytes(out, header.name().getBytes(StandardCharsets.UTF_8));
          bytes(out, header.value());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void bytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  @Override
  public List<Definition> definitions() {
    return definitions;
  }

  @Override
  public List<Progress> progress() {
    return progress;
  }

  @Override
  public void transactions(String name, int partition, Consumer<Transaction> each) {
    Objects.requireNonNull(transactions.get(place(name, partition))).forEach(each);
  }

  @Override
  public void mismatches(String name, int partition, Consumer<Mismatch> each) {
    Objects.requireNonNull(mismatches.get(place(name, partition))).forEach(each);
  }

  @Override
  public List<DeadLetter> deadLetters(String name, int partition) {
    return Objects.requireNonNull(deadLetters.get(place(name, partition)));
  }

  @Override
  public List<Count> statistics(String name, int partition) {
    return Objects.requireNonNull(statistics.get(place(name, partition)));
  }

  @Override
  public void outbox(String name, int partition, Consumer<OutboxEntry> each) {
    Objects.requireNonNull(outbox.get(place(name, partition))).forEach(each);
  }

  @Override
  public Iterator<Segment> segments(String topic, int partition) {
    return segments.getOrDefault(place(topic, partition), List.of()).iterator();
  }

  @Override
  public void close() {}
}
