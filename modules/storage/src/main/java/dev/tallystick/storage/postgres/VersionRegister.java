package dev.tallystick.storage.postgres;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Reconciliation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every version of every definition that was ever in force (protocol, section 8). All nodes pass
 * here before they claim; they pass one by one.
 */
public final class VersionRegister {

  /** Without a valid-from a later version is in force from the registration on, plus this. */
  public static final long NOTICE_MS = 60_000;

  // Any number, the same on every node.
  private static final String BEGIN_LOCKED =
      "begin isolation level read committed; select pg_advisory_xact_lock(7255319001)";

  private static final String STORED =
      """
      select version, valid_from, hash, definition, judge_version from reconciliation_versions
       where reconciliation = $1 order by version
      """;

  private static final String INSERT =
      """
      insert into reconciliation_versions (
        reconciliation, version, valid_from, hash, definition, judge_version, registered_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      """;

  // Nodes with an older judge would judge otherwise: from now on they are refused.
  private static final String JUDGED_ANEW =
      """
      update reconciliation_versions set judge_version = $2
       where reconciliation = $1 and judge_version < $2
      """;

  private final Pool pool;

  public VersionRegister(Pool pool) {
    this.pool = pool;
  }

  /**
   * Registers what is new; registers nothing when anything is refused. Fails with {@link
   * VersionRefused}, or with {@link TransientFailure} when the server does not answer.
   *
   * <p>The first version of a name is valid from the beginning, whatever its file says; a later one
   * from its valid-from, which lies neither in the past nor before the newest registered one's.
   *
   * @param definitions as read from the files; several versions of a name are allowed
   * @param judgeVersion of this node's code; a version registered by a later one is refused
   * @param nowMs epoch milliseconds
   * @return all stored versions by name, oldest first
   */
  public Future<Map<String, List<StoredVersion>>> register(
      List<Reconciliation> definitions, int judgeVersion, long nowMs) {
    List<Reconciliation> ordered =
        definitions.stream()
            .sorted(
                Comparator.comparing(Reconciliation::name)
                    .thenComparingInt(Reconciliation::version))
            .toList();
    return OwnTransaction.run(
            pool, BEGIN_LOCKED, connection -> all(connection, ordered, judgeVersion, nowMs))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof VersionRefused
                        ? failure
                        : new TransientFailure(
                            "versions cannot be registered: " + PgErrors.reason(failure),
                            failure)));
  }

  private static Future<Map<String, List<StoredVersion>>> all(
      SqlConnection connection, List<Reconciliation> ordered, int judgeVersion, long nowMs) {
    Map<String, List<Reconciliation>> byName = new LinkedHashMap<>();
    for (Reconciliation definition : ordered) {
      byName.computeIfAbsent(definition.name(), name -> new ArrayList<>()).add(definition);
    }
    Map<String, List<StoredVersion>> stored = new LinkedHashMap<>();
    Future<?> done = Future.succeededFuture();
    for (var named : byName.entrySet()) {
      done =
          done.compose(before -> one(connection, named.getValue(), judgeVersion, nowMs))
              .onSuccess(versions -> stored.put(named.getKey(), versions));
    }
    return done.map(last -> stored);
  }

  private static Future<List<StoredVersion>> one(
      SqlConnection connection, List<Reconciliation> given, int judgeVersion, long nowMs) {
    String name = given.getFirst().name();
    return connection
        .preparedQuery(STORED)
        .execute(Tuple.of(name))
        .compose(
            rows -> {
              List<StoredVersion> stored = new ArrayList<>();
              for (Row row : rows) {
                requireJudge(name, row, judgeVersion);
                stored.add(version(row));
              }
              requireNewest(name, given, stored);
              List<Tuple> added = new ArrayList<>();
              for (Reconciliation definition : given) {
                if (!known(definition, stored)) {
                  StoredVersion version = next(definition, stored, nowMs);
                  stored.add(version);
                  added.add(row(name, version, judgeVersion, nowMs));
                }
              }
              return insert(connection, added)
                  .compose(
                      inserted ->
                          connection
                              .preparedQuery(JUDGED_ANEW)
                              .execute(Tuple.of(name, judgeVersion)))
                  .map(updated -> List.copyOf(stored));
            });
  }

  private static Future<?> insert(SqlConnection connection, List<Tuple> rows) {
    return rows.isEmpty()
        ? Future.succeededFuture()
        : connection.preparedQuery(INSERT).executeBatch(rows);
  }

  private static void requireJudge(String name, Row row, int judgeVersion) {
    int stored = row.getInteger("judge_version");
    if (stored > judgeVersion) {
      throw new VersionRefused(
          name
              + "@"
              + row.getInteger("version")
              + " was registered with judge version "
              + stored
              + ", this node has "
              + judgeVersion
              + ": run the newer release");
    }
  }

  private static void requireNewest(
      String name, List<Reconciliation> given, List<StoredVersion> stored) {
    int newestGiven = given.getLast().version();
    if (!stored.isEmpty() && stored.getLast().version() > newestGiven) {
      throw new VersionRefused(
          name
              + ": version "
              + newestGiven
              + " is older than the registered version "
              + stored.getLast().version());
    }
  }

  /** Whether it is registered as it stands here. */
  private static boolean known(Reconciliation given, List<StoredVersion> stored) {
    for (StoredVersion version : stored) {
      if (version.version() == given.version()) {
        if (!version.hash().equals(given.hash())) {
          throw new VersionRefused(
              given.name()
                  + "@"
                  + given.version()
                  + " is registered with hash "
                  + version.hash()
                  + ", the file has "
                  + given.hash()
                  + ": a changed definition needs a new version");
        }
        return true;
      }
    }
    return false;
  }

  private static StoredVersion next(Reconciliation given, List<StoredVersion> stored, long nowMs) {
    if (stored.isEmpty()) {
      return new StoredVersion(given.version(), Event.NONE, given.hash(), given.text());
    }
    StoredVersion newest = stored.getLast();
    if (given.version() < newest.version()) {
      throw new VersionRefused(
          given.name()
              + ": version "
              + given.version()
              + " was never registered and is older than "
              + newest.version());
    }
    long validFromMs = given.validFromMs();
    if (validFromMs == Event.NONE) {
      validFromMs = Math.max(nowMs + NOTICE_MS, newest.validFromMs());
    }
    if (validFromMs < nowMs) {
      throw new VersionRefused(
          given.name()
              + "@"
              + given.version()
              + ": valid-from "
              + Instant.ofEpochMilli(validFromMs)
              + " is in the past (now "
              + Instant.ofEpochMilli(nowMs)
              + ")");
    }
    if (validFromMs < newest.validFromMs()) {
      throw new VersionRefused(
          given.name()
              + "@"
              + given.version()
              + ": valid-from "
              + Instant.ofEpochMilli(validFromMs)
              + " is before that of version "
              + newest.version()
              + ", "
              + Instant.ofEpochMilli(newest.validFromMs()));
    }
    return new StoredVersion(given.version(), validFromMs, given.hash(), given.text());
  }

  private static StoredVersion version(Row row) {
    return new StoredVersion(
        row.getInteger("version"),
        Times.ms(row.getOffsetDateTime("valid_from")),
        TransactionRows.text(row, "hash"),
        TransactionRows.text(row, "definition"));
  }

  private static Tuple row(String name, StoredVersion version, int judgeVersion, long nowMs) {
    return Tuple.tuple()
        .addValue(name)
        .addValue(version.version())
        .addValue(Times.at(version.validFromMs()))
        .addValue(version.hash())
        .addValue(version.text())
        .addValue(judgeVersion)
        .addValue(Times.exactly(nowMs));
  }
}
