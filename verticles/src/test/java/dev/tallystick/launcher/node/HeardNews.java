package dev.tallystick.launcher.node;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one browser has heard on one address of mismatches. At each message it looks into PostgreSQL
 * for what the message speaks of; {@link #missing} looks for what no message spoke of.
 */
final class HeardNews implements AutoCloseable {

  private static final String ROW =
      """
      select t.version, m.id is not null and m.closed_at is null as open
        from transactions t left join mismatches m on m.id = ?
       where t.reconciliation = ? and t.partition = ? and t.txn_id = ?
      """;
  private static final String SEQ =
      "select 1 from partition_progress where reconciliation = ? and partition = ? and seq >= ?";
  private static final String STORED =
      """
      select reconciliation || '/' || partition, seq from outbox
       where type = coalesce(?, type) order by reconciliation, partition, seq
      """;

  private final String address;
  private final Connection connection;
  private final PreparedStatement row;
  private final PreparedStatement seq;

  /** Per stream: begin of a range → its end, both included. */
  private final Map<String, TreeMap<Long, Long>> ranges = new ConcurrentSkipListMap<>();

  private final Map<String, Long> knownTo = new ConcurrentSkipListMap<>();
  private final List<String> notStored = new CopyOnWriteArrayList<>();
  private final List<String> gaps = new CopyOnWriteArrayList<>();
  private final Set<String> repeated = new ConcurrentSkipListSet<>();
  private final AtomicLong singles = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong conflated = new AtomicLong();

  HeardNews(Stage stage, String address) throws SQLException {
    this.address = address;
    connection = stage.connect();
    row = connection.prepareStatement(ROW);
    seq = connection.prepareStatement(SEQ);
  }

  /** On the thread that reads the client: the next message waits until this one was looked up. */
  void hear(JsonObject line) {
    JsonObject body = line.getJsonObject("body");
    try {
      if (body.containsKey("conflated")) {
        messages.incrementAndGet();
        conflated.addAndGet(body.getLong("conflated"));
        JsonObject streams = body.getJsonObject("seq");
        for (String stream : streams.fieldNames()) {
          JsonArray range = streams.getJsonArray(stream);
          checkRange(stream, range.getLong(1));
          note(stream, range.getLong(0), range.getLong(1));
        }
      } else if (body.containsKey("seq")) {
        checkRow(body);
        long number = body.getLong("seq");
        note(body.getString("reconciliation") + '/' + body.getInteger("partition"), number, number);
        singles.incrementAndGet();
      }
    } catch (SQLException e) {
      notStored.add(e.getMessage() + " at " + body);
    }
  }

  private void checkRow(JsonObject body) throws SQLException {
    row.setString(1, body.getJsonObject("mismatch").getString("id"));
    row.setString(2, body.getString("reconciliation"));
    row.setInt(3, body.getInteger("partition"));
    row.setString(4, body.getString("txn_id"));
    boolean opens = !body.getString("change").equals("CLOSED");
    long version = body.getLong("version");
    try (ResultSet found = row.executeQuery()) {
      boolean there = found.next();
      long stored = there ? found.getLong(1) : 0;
      boolean asTold = stored > version || (stored == version && found.getBoolean(2) == opens);
      if (!asTold) {
        notStored.add("version %d is stored at %s".formatted(stored, body.encode()));
      }
    }
  }

  private void checkRange(String stream, long to) throws SQLException {
    int slash = stream.lastIndexOf('/');
    seq.setString(1, stream.substring(0, slash));
    seq.setInt(2, Integer.parseInt(stream.substring(slash + 1)));
    seq.setLong(3, to);
    try (ResultSet found = seq.executeQuery()) {
      if (!found.next()) {
        notStored.add(stream + " up to " + to);
      }
    }
  }

  private void note(String stream, long from, long to) {
    long known = knownTo.getOrDefault(stream, 0L);
    if (from <= known) {
      repeated.add(stream);
    } else if (address.equals("mismatches") && from > known + 1) {
      gaps.add("%s: %d–%d after %d".formatted(stream, from, to, known));
    }
    knownTo.put(stream, Math.max(known, to));
    TreeMap<Long, Long> heard = ranges.computeIfAbsent(stream, fresh -> new TreeMap<>());
    synchronized (heard) {
      heard.merge(from, to, Math::max);
    }
  }

  /** Stored changes of the address that no message spoke of. */
  List<String> missing() throws SQLException {
    List<String> missing = new ArrayList<>();
    int dot = address.indexOf('.');
    try (PreparedStatement stored = connection.prepareStatement(STORED)) {
      stored.setString(1, dot < 0 ? null : address.substring(dot + 1).toUpperCase(Locale.ROOT));
      try (ResultSet changes = stored.executeQuery()) {
        while (changes.next()) {
          if (!isHeard(changes.getString(1), changes.getLong(2))) {
            missing.add(changes.getString(1) + ' ' + changes.getLong(2));
          }
        }
      }
    }
    return missing;
  }

  private boolean isHeard(String stream, long number) {
    TreeMap<Long, Long> heard = ranges.getOrDefault(stream, new TreeMap<>());
    synchronized (heard) {
      Map.Entry<Long, Long> range = heard.floorEntry(number);
      return range != null && range.getValue() >= number;
    }
  }

  /** Messages that came before what they speak of was stored. */
  List<String> notStored() {
    return notStored;
  }

  /** Numbers that were jumped over; only looked for where there may be none. */
  List<String> gaps() {
    return gaps;
  }

  /**
   * Streams where a number came a second time, or late. That is right only after the partition was
   * claimed again: what the former owner had stored and not told comes again then.
   */
  Set<String> repeated() {
    return repeated;
  }

  /** Messages about one change, each looked up. */
  long singles() {
    return singles.get();
  }

  /** Changes that were only told as part of a range. */
  long conflated() {
    return conflated.get();
  }

  @Override
  public String toString() {
    return "%d one by one, %d conflated in %d messages, not stored %d, gaps %d, repeated in %s"
        .formatted(singles(), conflated(), messages.get(), notStored.size(), gaps.size(), repeated);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
