package dev.tallystick.storage.read;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.storage.postgres.Times;
import dev.tallystick.storage.postgres.TransactionRows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records that are in no transaction. */
public final class DeadLetterReads {

  private static final String LIST = "dead-letters";
  private static final int KEY_PARTS = 5;

  private static final String COLUMNS =
      """
      d.reconciliation, d.topic, d.partition, d."offset", d.source, d.reason, d.detail,
      d.recorded_at, d.created_at, coalesce(octet_length(d.key), 0)::bigint as key_size,
      coalesce(octet_length(d.value), 0)::bigint as size
      """;

  private static final String FIND =
      "select "
          + COLUMNS
          + """
          , d.key, d.value, d.headers
            from dead_letters d
           where d.reconciliation = $1::text and d.topic = $2::text and d.partition = $3::int
             and d."offset" = $4::bigint
          """;

  private final SqlClient client;

  /**
   * @param client made for {@link dev.tallystick.storage.postgres.PgPools.Use#READING}
   */
  public DeadLetterReads(SqlClient client) {
    this.client = client;
  }

  /**
   * Newest first by (created at, topic, partition, offset, reconciliation), each descending, or the
   * exact reverse.
   *
   * @param reasons any of these; empty: not asked
   * @param fromMs inclusive, epoch milliseconds of {@code createdAtMs}, or {@link
   *     dev.tallystick.core.model.Event#NONE}
   * @param toMs exclusive, or {@link dev.tallystick.core.model.Event#NONE}
   * @return fails with {@link BadCursor}
   */
  public Future<Page<DeadLetterLine>> list(
      @Nullable String reconciliation,
      Set<DeadLetterReason> reasons,
      @Nullable String topic,
      @Nullable String source,
      long fromMs,
      long toMs,
      PageRequest page) {
    Conditions where = new Conditions();
    where.andText("d.reconciliation = %s::text", reconciliation);
    where.andAnyOf("d.reason", reasons);
    where.andText("d.topic = %s::text", topic);
    where.andText("d.source = %s::text", source);
    Filters.between(where, "d.created_at", fromMs, toMs);
    try {
      after(where, page);
    } catch (BadCursor e) {
      return Future.failedFuture(e);
    }
    return client
        .preparedQuery(sql(where, page))
        .execute(where.values())
        .map(
            rows ->
                PageRows.page(
                    rows,
                    page,
                    "topic",
                    row -> line(row, List.of()),
                    row -> cursor(row, page.oldestFirst())));
  }

  private static void after(Conditions where, PageRequest page) {
    Cursor cursor = Cursor.read(LIST, KEY_PARTS, page);
    if (cursor == null) {
      return;
    }
    where.and(
        """
        (d.created_at, d.topic, d.partition, d."offset", d.reconciliation)
          %s (%s::timestamptz, %s::text, %s::int, %s::bigint, %s::text)
        """
            .formatted(
                page.oldestFirst() ? ">" : "<",
                where.bind(cursor.requiredTime(0)),
                where.bind(cursor.text(1)),
                where.bind(cursor.integer(2)),
                where.bind(cursor.number(3)),
                where.bind(cursor.text(4))));
  }

  private static String sql(Conditions where, PageRequest page) {
    String excerpt = where.bind(DeadLetterLine.EXCERPT_BYTES_MAX);
    return """
    select now.as_of, d.*
      from (select transaction_timestamp() as as_of) now
      left join lateral (
        select %1$s, substring(d.key from 1 for %2$s::int) as key,
               substring(d.value from 1 for %2$s::int) as value
          from dead_letters d
         where %3$s
         order by d.created_at %4$s, d.topic %4$s, d.partition %4$s, d."offset" %4$s,
                  d.reconciliation %4$s
         limit %5$s::int) d on true
     order by d.created_at %4$s, d.topic %4$s, d.partition %4$s, d."offset" %4$s,
              d.reconciliation %4$s
    """
        .formatted(
            COLUMNS,
            excerpt,
            where.text(),
            page.oldestFirst() ? "asc" : "desc",
            where.bind(PageRows.asked(page)));
  }

  private static String cursor(Row row, boolean oldestFirst) {
    return Cursor.write(
        LIST,
        oldestFirst,
        Cursor.of(row.getOffsetDateTime("created_at")),
        TransactionRows.text(row, "topic"),
        row.getInteger("partition"),
        row.getLong("offset"),
        TransactionRows.text(row, "reconciliation"));
  }

  /** Whole, with its headers; null when there is none. */
  public Future<@Nullable DeadLetterLine> find(
      String reconciliation, String topic, int partition, long offset) {
    if (!Conditions.isStorable(reconciliation) || !Conditions.isStorable(topic)) {
      return Future.succeededFuture(null);
    }
    return client
        .preparedQuery(FIND)
        .execute(Tuple.of(reconciliation, topic, partition, offset))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return null;
              }
              Row row = rows.iterator().next();
              return line(row, headers(row.getString("headers")));
            });
  }

  private static DeadLetterLine line(Row row, List<RawRecord.Header> headers) {
    return new DeadLetterLine(
        TransactionRows.text(row, "reconciliation"),
        TransactionRows.text(row, "topic"),
        row.getInteger("partition"),
        row.getLong("offset"),
        TransactionRows.text(row, "source"),
        DeadLetterReason.valueOf(TransactionRows.text(row, "reason")),
        TransactionRows.text(row, "detail"),
        bytes(row.getBuffer("key")),
        bytes(row.getBuffer("value")),
        row.getLong("key_size"),
        row.getLong("size"),
        headers,
        Times.ms(row.getOffsetDateTime("recorded_at")),
        Times.ms(row.getOffsetDateTime("created_at")));
  }

  private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
    return buffer == null ? null : buffer.getBytes();
  }

  private static List<RawRecord.Header> headers(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    List<RawRecord.Header> headers = new ArrayList<>();
    for (Object pair : new JsonArray(json)) {
      if (!(pair instanceof JsonArray header)) {
        throw new IllegalStateException("stored headers cannot be read: " + json);
      }
      String value = header.getString(1);
      headers.add(
          new RawRecord.Header(
              header.getString(0), value == null ? null : Base64.getDecoder().decode(value)));
    }
    return List.copyOf(headers);
  }
}
