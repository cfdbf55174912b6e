package dev.tallystick.storage.read;

import dev.tallystick.storage.postgres.Times;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a list's statement answers. It asks for one row more than the page holds: that one says that
 * there is a next page. Its time comes with every row, so a statement that finds nothing answers
 * one row without a key.
 */
final class PageRows {

  private PageRows() {}

  /** Rows to ask for. */
  static int asked(PageRequest page) {
    return page.limit() + 1;
  }

  /**
   * @param key a column that is null only when there is no item
   * @param cursor of the last row shown
   */
  static <T> Page<T> page(
      RowSet<Row> rows,
      PageRequest page,
      String key,
      Function<Row, T> item,
      Function<Row, String> cursor) {
    List<T> items = new ArrayList<>();
    Row last = null;
    long asOfMs = 0;
    boolean more = false;
    for (Row row : rows) {
      asOfMs = Times.ms(row.getOffsetDateTime("as_of"));
      if (row.getValue(key) == null) {
        break;
      }
      if (items.size() == page.limit()) {
        more = true;
        break;
      }
      items.add(item.apply(row));
      last = row;
    }
    return new Page<>(List.copyOf(items), more && last != null ? cursor.apply(last) : null, asOfMs);
  }
}
