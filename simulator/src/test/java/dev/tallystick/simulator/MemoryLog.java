package dev.tallystick.simulator;

import dev.tallystick.simulator.oracle.LogRecord;
import dev.tallystick.simulator.verify.Log;
import dev.tallystick.simulator.workload.RecordSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Utils;

/** Topics of two partitions in memory: a sink for the simulation, a log for the verifier. */
public final class MemoryLog implements Log, RecordSink {

  public static final int PARTITIONS = 2;

  private final Map<String, List<LogRecord>> partitions = new TreeMap<>();
  private final LongSupplier nowMs;

  /** How many of the next sends fail, though the record is in the log. */
  public int failing;

  public MemoryLog(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  @Override
  public void send(
      String topic,
      String key,
      byte[] value,
      LongConsumer acknowledged,
      Consumer<Exception> failed) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    int partition = Utils.toPositive(Utils.murmur2(bytes)) % PARTITIONS;
    List<LogRecord> records = of(topic, partition);
    long atMs = nowMs.getAsLong();
    records.add(new LogRecord(topic, partition, records.size(), atMs, bytes, value, List.of()));
    if (failing > 0) {
      failing--;
      failed.accept(new IllegalStateException("the answer was lost"));
    } else {
      acknowledged.accept(atMs);
    }
  }

  public List<LogRecord> of(String topic, int partition) {
    return partitions.computeIfAbsent(topic + "/" + partition, p -> new ArrayList<>());
  }

  /** Every record of every topic. */
  public List<LogRecord> all() {
    return partitions.values().stream().flatMap(List::stream).toList();
  }

  @Override
  public long start(String topic, int partition) {
    return 0;
  }

  @Override
  public void read(String topic, int partition, long from, long to, Consumer<LogRecord> each) {
    of(topic, partition).subList((int) from, (int) to).forEach(each);
  }

  @Override
  public void close() {}
}
