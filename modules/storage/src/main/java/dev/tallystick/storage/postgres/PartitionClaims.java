package dev.tallystick.storage.postgres;

import dev.tallystick.core.engine.Claim;
import dev.tallystick.core.engine.Notice;
import dev.tallystick.core.engine.SourcePosition;
import dev.tallystick.core.model.MismatchType;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes partitions over (protocol, sections 1 and 6). The epoch is raised by one UPDATE that also
 * returns the progress: it waits for a running commit of the former owner and then sees its
 * positions, where a SELECT before it would see the older ones.
 */
public final class PartitionClaims {

  /** A claim that waits longer for a commit fails, and is repeated by the caller. */
  static final int LOCK_TIMEOUT_MS = 2_000;

  private static final String BEGIN =
      "begin isolation level read committed; set local lock_timeout = " + LOCK_TIMEOUT_MS;

  private static final int PAGE_ROWS = 1_000;

  private static final String CLAIM =
      """
      update partition_progress
         set epoch = epoch + 1, owner = $3, claimed_at = now(), updated_at = now()
       where reconciliation = $1 and partition = $2
      returning *
      """;

  private static final String FIRST =
      """
      insert into partition_progress (
        reconciliation, partition, epoch, owner, sources, topics, topic_ids, positions,
        archived_to, records_read, records_dead, records_skipped)
      select $1, $2, 0, $3, $4::text[], $5::text[], $6::text[], $7::bigint[], $7::bigint[], zeros,
             zeros, zeros
        from (select array_fill(0::bigint, array[cardinality($4::text[])]) as zeros) z
      on conflict do nothing
      """;

  private static final String APPEND =
      """
      update partition_progress
         set sources = sources || $3::text[], topics = topics || $4::text[],
             topic_ids = topic_ids || $5::text[], positions = positions || $6::bigint[],
             archived_to = archived_to || $6::bigint[],
             records_read = records_read || zeros, records_dead = records_dead || zeros,
             records_skipped = records_skipped || zeros
        from (select array_fill(0::bigint, array[cardinality($3::text[])]) as zeros) z
       where reconciliation = $1 and partition = $2
      returning partition_progress.*
      """;

  private static final String UNPUBLISHED =
      """
      select seq, type, payload from outbox
       where reconciliation = $1 and partition = $2 and seq > $3
       order by seq limit $4
      """;

  private static final String NEWEST =
      """
      select max(version) as version, max(judge_version) as judge_version
        from reconciliation_versions where reconciliation = $1
      """;

  /**
   * What a node knows of a reconciliation.
   *
   * @param newestVersion of the definition
   * @param judgeVersion of its code
   */
  public record Knowledge(int newestVersion, int judgeVersion) {}

  private final Pool pool;
  private final Map<String, Knowledge> known;

  /**
   * @param known per reconciliation; a node does not claim where a newer version is registered than
   *     it knows (protocol, section 8)
   */
  public PartitionClaims(Pool pool, Map<String, Knowledge> known) {
    this.pool = pool;
    this.known = Map.copyOf(known);
  }

  /**
   * Makes {@code owner} the owner: whoever had the partition is fenced from now on.
   *
   * <p>Fails with {@link ClaimRefused} when a stored topic is not the one given, and with {@link
   * TransientFailure} otherwise (also when COMMIT was not answered: claiming again is harmless).
   *
   * @param owner for people: which node it is
   * @param sources {@code operator} included; stored ones that are missing here keep their place
   */
  public Future<Claim> claim(
      String reconciliation, int partition, String owner, List<SourceStart> sources) {
    PartitionKey key = new PartitionKey(reconciliation, partition);
    return OwnTransaction.run(
            pool, BEGIN, connection -> inTransaction(connection, key, owner, sources))
        .recover(failure -> Future.failedFuture(told(key, failure)));
  }

  private static Throwable told(PartitionKey key, Throwable failure) {
    return failure instanceof ClaimRefused
        ? failure
        : new TransientFailure("claim of " + key + ": " + PgErrors.reason(failure), failure);
  }

  private Future<?> requireNewest(SqlConnection connection, String reconciliation) {
    Knowledge ours = known.get(reconciliation);
    if (ours == null) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(NEWEST)
        .execute(Tuple.of(reconciliation))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              Integer version = row.getInteger("version");
              Integer judge = row.getInteger("judge_version");
              if (version != null
                  && judge != null
                  && (version > ours.newestVersion() || judge > ours.judgeVersion())) {
                throw new ClaimRefused(
                    "%s: this node knows version %d and judge version %d, registered are %d and %d:"
                            .formatted(
                                reconciliation,
                                ours.newestVersion(),
                                ours.judgeVersion(),
                                version,
                                judge)
                        + " restart it with the newer ones");
              }
              return row;
            });
  }

  private Future<Claim> inTransaction(
      SqlConnection connection, PartitionKey key, String owner, List<SourceStart> sources) {
    return requireNewest(connection, key.reconciliation())
        .compose(newest -> update(connection, key, owner))
        .compose(
            claimed ->
                claimed.size() > 0
                    ? Future.succeededFuture(claimed)
                    : first(connection, key, owner, sources))
        .map(claimed -> claimed.iterator().next())
        .compose(row -> complete(connection, key, row, sources))
        .compose(
            row ->
                unpublished(connection, key, row.getLong("published_to"), new ArrayList<>())
                    .map(notices -> claim(row, notices)));
  }

  private static Future<RowSet<Row>> update(
      SqlConnection connection, PartitionKey key, String owner) {
    return connection
        .preparedQuery(CLAIM)
        .execute(Tuple.of(key.reconciliation(), key.partition(), owner));
  }

  /** Two nodes may be first together: one inserts, both update. */
  private static Future<RowSet<Row>> first(
      SqlConnection connection, PartitionKey key, String owner, List<SourceStart> sources) {
    Tuple row =
        Tuple.of(key.reconciliation(), key.partition(), owner)
            .addValue(Columns.texts(sources, SourceStart::source))
            .addValue(Columns.texts(sources, SourceStart::topic))
            .addValue(Columns.texts(sources, SourceStart::topicId))
            .addValue(Columns.numbers(sources, SourceStart::logStart));
    return connection
        .preparedQuery(FIRST)
        .execute(row)
        .compose(inserted -> update(connection, key, owner));
  }

  /** Refuses a topic that was made anew, appends sources that a later version added. */
  private static Future<Row> complete(
      SqlConnection connection, PartitionKey key, Row row, List<SourceStart> sources) {
    List<String> known = Arrays.asList(row.getArrayOfStrings("sources"));
    List<SourceStart> added = new ArrayList<>();
    for (SourceStart source : sources) {
      int index = known.indexOf(source.source());
      if (index < 0) {
        added.add(source);
      } else {
        requireSame(
            key,
            source,
            row.getArrayOfStrings("topics")[index],
            row.getArrayOfStrings("topic_ids")[index]);
      }
    }
    if (added.isEmpty()) {
      return Future.succeededFuture(row);
    }
    return connection
        .preparedQuery(APPEND)
        .execute(
            Tuple.of(key.reconciliation(), key.partition())
                .addValue(Columns.texts(added, SourceStart::source))
                .addValue(Columns.texts(added, SourceStart::topic))
                .addValue(Columns.texts(added, SourceStart::topicId))
                .addValue(Columns.numbers(added, SourceStart::logStart)))
        .map(rows -> rows.iterator().next());
  }

  private static void requireSame(
      PartitionKey key, SourceStart source, String topic, String topicId) {
    if (!topic.equals(source.topic())) {
      throw new ClaimRefused(
          key
              + ": source "
              + source.source()
              + " was read from topic "
              + topic
              + ", not "
              + source.topic());
    }
    if (!topicId.equals(source.topicId())) {
      throw new ClaimRefused(
          key
              + ": topic recreated "
              + topic
              + ": old id "
              + topicId
              + ", new id "
              + source.topicId());
    }
  }

  private static Future<List<Notice>> unpublished(
      SqlConnection connection, PartitionKey key, long above, List<Notice> found) {
    return connection
        .preparedQuery(UNPUBLISHED)
        .execute(Tuple.of(key.reconciliation(), key.partition(), above, PAGE_ROWS))
        .compose(
            page -> {
              for (Row row : page) {
                found.add(
                    new Notice(
                        row.getLong("seq"),
                        MismatchType.valueOf(TransactionRows.text(row, "type")),
                        TransactionRows.text(row, "payload")));
              }
              return page.size() < PAGE_ROWS
                  ? Future.succeededFuture(List.copyOf(found))
                  : unpublished(connection, key, found.getLast().seq(), found);
            });
  }

  private static Claim claim(Row row, List<Notice> unpublished) {
    String[] sources = row.getArrayOfStrings("sources");
    Long[] positions = row.getArrayOfLongs("positions");
    Long[] archivedTo = row.getArrayOfLongs("archived_to");
    Map<String, SourcePosition> bySource = new LinkedHashMap<>();
    for (int i = 0; i < sources.length; i++) {
      bySource.put(sources[i], new SourcePosition(positions[i], archivedTo[i]));
    }
    return new Claim(
        row.getLong("epoch"),
        Collections.unmodifiableMap(bySource),
        row.getLong("seq"),
        row.getLong("published_to"),
        Times.ms(row.getOffsetDateTime("watermark")),
        unpublished);
  }
}
