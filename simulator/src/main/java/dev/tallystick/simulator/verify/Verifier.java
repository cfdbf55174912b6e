package dev.tallystick.simulator.verify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code verify}: judges every row's records with the oracle at the stored watermark of its
 * partition and compares (contracts, section 1). One partition is in memory at a time; the heap it
 * needs is that of the largest partition, about 1 kB per record.
 */
public final class Verifier {

  private final Snapshot snapshot;
  private final Log log;

  public Verifier(Snapshot snapshot, Log log) {
    this.snapshot = snapshot;
    this.log = log;
  }

  /**
   * Takes one REPEATABLE READ snapshot of PostgreSQL and reads Kafka up to the stored positions.
   *
   * @param bootstrap Kafka's host:port list
   * @throws IllegalStateException a server did not answer, or the log is shorter than a position
   */
  public static VerifyResult run(String jdbcUrl, String user, String password, String bootstrap) {
    try (Snapshot snapshot = PostgresSnapshot.open(jdbcUrl, user, password);
        Log log = new KafkaLog(bootstrap)) {
      return new Verifier(snapshot, log).run();
    }
  }

  public VerifyResult run() {
    Findings findings = new Findings();
    Rulebooks rulebooks = new Rulebooks(snapshot.definitions());
    List<Snapshot.Progress> all = snapshot.progress();
    for (Snapshot.Progress progress : all) {
      new PartitionCheck(snapshot, log, rulebooks, progress, findings).run();
    }
    for (Snapshot.Progress progress : all) {
      kept(progress, rulebooks)
          .forEach(
              (topic, archivedTo) ->
                  new ArchiveCheck(
                          progress.reconciliation(),
                          topic,
                          progress.partition(),
                          snapshot.segments(topic, progress.partition()),
                          findings)
                      .run(log, archivedTo));
    }
    return findings.result();
  }

  /** Topics of that partition which its reconciliation archives → {@code archived_to}. */
  private static Map<String, Long> kept(Snapshot.Progress progress, Rulebooks rulebooks) {
    Map<String, Long> kept = new TreeMap<>();
    for (int i = 0; i < progress.topics().size(); i++) {
      String topic = progress.topics().get(i);
      if (rulebooks.keeper(topic).equals(progress.reconciliation())) {
        kept.put(topic, progress.archivedTo().get(i));
      }
    }
    return kept;
  }
}
