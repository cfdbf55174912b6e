package dev.tallystick.verticles.reconciliation;

import dev.tallystick.core.engine.Commit;
import dev.tallystick.core.engine.Commit.TransactionWrite;
import dev.tallystick.core.engine.Notice;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.TransactionRow;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.wire.TimeText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What a commit tells the cluster: one message however many rows it has. */
final class NewsJson {

  private static final int ITEMS_MAX = 10;

  /** Oldest first; the rows of a commit have one time of writing, so the arrival tells. */
  private static final Comparator<TransactionRow> BY_AGE =
      Comparator.<TransactionRow>comparingLong(row -> row.verdict().firstArrivalMs())
          .thenComparing(TransactionRow::txnId);

  private NewsJson() {}

  /** For {@link dev.tallystick.protocol.Addresses#NEWS_MISMATCHES}. */
  static JsonObject mismatches(String reconciliation, int partition, List<Notice> notices) {
    JsonArray list = new JsonArray();
    for (Notice notice : notices) {
      list.add(
          new JsonObject()
              .put("seq", notice.seq())
              .put("type", notice.type().name())
              .put("payload", notice.payload()));
    }
    return of(reconciliation, partition).put("notices", list);
  }

  /**
   * For {@link dev.tallystick.protocol.Addresses#NEWS_TRANSACTIONS}.
   *
   * @param commit with at least one row
   * @param committedAtMs the time written with its rows
   */
  static JsonObject transactions(Commit commit, long committedAtMs) {
    PriorityQueue<TransactionRow> newest = new PriorityQueue<>(ITEMS_MAX + 1, BY_AGE);
    for (TransactionWrite write : commit.writes()) {
      newest.add(write.row());
      if (newest.size() > ITEMS_MAX) {
        newest.remove();
      }
    }
    JsonArray items = new JsonArray();
    String updatedAt = TimeText.of(committedAtMs);
    newest.stream()
        .sorted(BY_AGE.reversed())
        .forEach(row -> items.add(item(commit, row, updatedAt)));
    return of(commit.reconciliation(), commit.partition())
        .put("written", commit.writes().size())
        .put("items", items);
  }

  private static JsonObject item(Commit commit, TransactionRow row, String updatedAt) {
    Verdict verdict = row.verdict();
    return new JsonObject()
        .put("txn_id", row.txnId())
        .put("reconciliation", commit.reconciliation())
        .put("partition", commit.partition())
        .put("state", verdict.state().name())
        .put("label", verdict.label())
        .put("amount", verdict.amountMinor() == Event.NONE ? null : verdict.amountMinor())
        .put("currency", verdict.currency().isEmpty() ? null : verdict.currency())
        .put("version", row.version())
        .put("updated_at", updatedAt);
  }

  private static JsonObject of(String reconciliation, int partition) {
    return new JsonObject().put("reconciliation", reconciliation).put("partition", partition);
  }
}
