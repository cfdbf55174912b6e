package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.workload.FaultKind;
import dev.tallystick.simulator.workload.TruthLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a directory in memory, read on as it grows. Only what has a fault or an amendment is
 * kept; of all others just the highest index per seed. Not thread-safe.
 */
final class Expectations {

  private final Path directory;
  private final Map<String, Expected> faulty = new HashMap<>();
  private final Set<String> resumed = new HashSet<>();
  private final Set<String> delayed = new HashSet<>();
  private final Map<Long, Long> planned = new HashMap<>();
  private long readTo;
  private long transactions;

  /** What the truth says of one faulty transaction. */
  static final class Expected {
    final String txnId;
    final String reconciliation;
    final FaultKind kind;
    final String source;
    final @Nullable String reason;
    final long beginMs;
    boolean detected;

    Expected(TruthLine line, FaultKind kind) {
      this.txnId = line.txnId();
      this.reconciliation = line.reconciliation().intern();
      this.kind = kind;
      this.source = String.valueOf(line.source()).intern();
      this.reason = line.reason();
      this.beginMs = line.beginMs();
    }

    /** Type of the mismatch it must open; a kind that opens none is no type. */
    String opens() {
      return kind == FaultKind.LATE ? "MISSING" : kind.name();
    }
  }

  Expectations(Path directory) {
    this.directory = directory;
  }

  void readOn() {
    readTo = TruthLine.read(directory, readTo, this::add);
  }

  private void add(TruthLine line) {
    if (line.amend() == null) {
      transactions++;
      planned.merge(line.seed(), line.index(), Math::max);
      if (line.kind() != null) {
        faulty.put(line.txnId(), new Expected(line, line.kind()));
      }
    } else if (line.amend().equals("resumed")) {
      resumed.add(line.txnId());
    } else {
      delayed.add(line.txnId() + " " + line.source());
    }
  }

  long transactions() {
    return transactions;
  }

  @Nullable Expected of(String txnId) {
    return faulty.get(txnId);
  }

  boolean isResumed(String txnId) {
    return resumed.contains(txnId);
  }

  /** A late arrival by the broker's or a crash's fault: MISSING may have opened, truthfully. */
  boolean mayBeLate(String txnId, String source) {
    return resumed.contains(txnId) || delayed.contains(txnId + " " + source);
  }

  /** Whether the workload made that transaction; others may share the servers. */
  boolean isOurs(String txnId) {
    int dash = txnId.lastIndexOf('-');
    if (!txnId.startsWith("TXN-") || dash < 5) {
      return false;
    }
    try {
      long seed = Long.parseUnsignedLong(txnId, 4, dash, 16);
      long index = Long.parseLong(txnId, dash + 1, txnId.length(), 10);
      return index <= planned.getOrDefault(seed, -1L);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Faults that count; a resumed REDELIVERY cannot be told from an accidental one. */
  void each(Consumer<Expected> each) {
    for (Expected expected : faulty.values()) {
      if (expected.kind != FaultKind.REDELIVERY || !resumed.contains(expected.txnId)) {
        each.accept(expected);
      }
    }
  }

  /** Faults of the kinds that only the transaction's row shows, not seen there yet. */
  List<Expected> undetectedInRows() {
    List<Expected> open = new ArrayList<>();
    each(
        expected -> {
          boolean inRow =
              expected.kind == FaultKind.REDELIVERY || expected.kind == FaultKind.REORDERED;
          if (inRow && !expected.detected) {
            open.add(expected);
          }
        });
    return open;
  }

  /** Forgets what was detected: the last count starts from nothing. */
  void forgetDetected() {
    faulty.values().forEach(expected -> expected.detected = false);
  }
}
