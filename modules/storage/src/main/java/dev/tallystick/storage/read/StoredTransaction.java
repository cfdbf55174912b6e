package dev.tallystick.storage.read;

import dev.tallystick.core.model.TransactionRow;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything stored about one transaction, from one snapshot.
 *
 * @param row as stored, but the severities of its mismatches have the age step
 * @param history messages about its mismatches as they were published, JSON text of contracts,
 *     section 4, in order of seq; the newest {@value #HISTORY_MAX}
 * @param topics topic by source, as the partition's owner last claimed them; a source that the
 *     definition has since lost is not there
 */
public record StoredTransaction(
    TransactionLine line,
    TransactionRow row,
    List<String> history,
    SortedMap<String, String> topics) {

  public static final int HISTORY_MAX = 1_000;
}
