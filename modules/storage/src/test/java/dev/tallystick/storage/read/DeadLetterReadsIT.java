package dev.tallystick.storage.read;

import static dev.tallystick.storage.postgres.ServerUnderTest.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.engine.DeadLetter;
import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.storage.postgres.StoredPartition;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dead letters in lists and one in full; and what all lists make of a cursor that is not theirs.
 */
class DeadLetterReadsIT {

  private static final long NOW_MS = System.currentTimeMillis();
  private static final List<DeadLetterReason> REASONS =
      List.of(DeadLetterReason.NOT_JSON, DeadLetterReason.BAD_VALUE, DeadLetterReason.NO_KEY);
  private static final List<String> SOURCES = List.of("bank", "gateway");

  private record Known(
      String reconciliation, String topic, int partition, DeadLetter letter, long createdAtMs) {}

  private static final List<Known> LETTERS = new ArrayList<>();
  private static Database database;

  @BeforeAll
  static void open() {
    database = new Database();
    Random chance = new Random(31);
    for (String reconciliation : Population.RECONCILIATIONS) {
      for (int partition = 0; partition < 2; partition++) {
        StoredPartition mine = database.claimed(reconciliation, partition);
        int offset = 0;
        for (int commit = 0; commit < 4; commit++) {
          long createdAtMs = NOW_MS + chance.nextInt(3);
          for (int i = 0; i < 12; i++) {
            DeadLetter letter = letter(chance, offset++);
            mine.dead(letter);
            LETTERS.add(
                new Known(
                    reconciliation, letter.source() + "_txns", partition, letter, createdAtMs));
          }
          database.commit(mine, createdAtMs);
        }
      }
    }
  }

  private static DeadLetter letter(Random chance, int offset) {
    byte[] value = chance.nextInt(5) == 0 ? null : new byte[chance.nextInt(3_000)];
    byte[] key = chance.nextInt(5) == 0 ? null : new byte[chance.nextInt(3) * 1_000];
    if (value != null) {
      chance.nextBytes(value);
    }
    List<RawRecord.Header> headers =
        offset % 2 == 0
            ? List.of()
            : List.of(
                new RawRecord.Header("trace", new byte[] {1, 0, -1}),
                new RawRecord.Header("\"none\"", null));
    DeadLetterReason reason = REASONS.get(chance.nextInt(REASONS.size()));
    return new DeadLetter(
        SOURCES.get(chance.nextInt(SOURCES.size())),
        new RawRecord(offset, NOW_MS - offset, key, value, headers),
        reason,
        "value: " + reason);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aListSaysOfAnyFilterWhatANaiveWalkOverAllSays() {
    Random chance = new Random(37);
    for (int i = 0; i < 150; i++) {
      String reconciliation = one(chance, Population.RECONCILIATIONS);
      Set<DeadLetterReason> reasons =
          chance.nextBoolean()
              ? Set.of()
              : EnumSet.of(REASONS.get(chance.nextInt(3)), REASONS.get(chance.nextInt(3)));
      String topic = one(chance, List.of("bank_txns", "gateway_txns", "no"));
      String source = one(chance, SOURCES);
      long fromMs = chance.nextInt(3) == 0 ? NOW_MS + chance.nextInt(4) : Event.NONE;
      long toMs = chance.nextInt(3) == 0 ? NOW_MS + chance.nextInt(4) : Event.NONE;
      boolean oldestFirst = chance.nextBoolean();
      Comparator<Known> order =
          Comparator.comparingLong(Known::createdAtMs)
              .thenComparing(Known::topic)
              .thenComparingInt(Known::partition)
              .thenComparingLong(known -> known.letter().raw().offset())
              .thenComparing(Known::reconciliation);
      List<String> expected =
          LETTERS.stream()
              .filter(k -> reconciliation == null || k.reconciliation().equals(reconciliation))
              .filter(k -> reasons.isEmpty() || reasons.contains(k.letter().reason()))
              .filter(k -> topic == null || k.topic().equals(topic))
              .filter(k -> source == null || k.letter().source().equals(source))
              .filter(k -> fromMs == Event.NONE || k.createdAtMs() >= fromMs)
              .filter(k -> toMs == Event.NONE || k.createdAtMs() < toMs)
              .sorted(oldestFirst ? order : order.reversed())
              .map(known -> text(line(known, DeadLetterLine.EXCERPT_BYTES_MAX)))
              .toList();
      List<String> found = new ArrayList<>();
      String cursor = null;
      int limit = 1 + chance.nextInt(100);
      do {
        Page<DeadLetterLine> page =
            await(
                new DeadLetterReads(database.reading)
                    .list(
                        reconciliation,
                        reasons,
                        topic,
                        source,
                        fromMs,
                        toMs,
                        new PageRequest(limit, cursor, oldestFirst)));
        page.items().forEach(line -> found.add(text(line)));
        cursor = page.next();
      } while (cursor != null && found.size() <= LETTERS.size());
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void oneIsFoundInFull() {
    DeadLetterReads reads = new DeadLetterReads(database.reading);
    for (Known known : LETTERS) {
      DeadLetterLine line =
          requireNonNull(
              await(
                  reads.find(
                      known.reconciliation(),
                      known.topic(),
                      known.partition(),
                      known.letter().raw().offset())));
      assertThat(text(line)).isEqualTo(text(line(known, Integer.MAX_VALUE)));
    }
    assertThat(await(reads.find("payments", "bank_txns", 9, 0))).isNull();
    assertThat(await(reads.find("payments", "no\0", 0, 0))).isNull();
  }

  @Test
  void aCursorServesItsOwnListInItsOwnDirectionOnly() {
    DeadLetterReads letters = new DeadLetterReads(database.reading);
    TransactionReads transactions = new TransactionReads(database.reading);
    MismatchReads mismatches = new MismatchReads(database.reading);
    String cursor =
        requireNonNull(
            await(
                    letters.list(
                        null,
                        Set.of(),
                        null,
                        null,
                        Event.NONE,
                        Event.NONE,
                        new PageRequest(1, null, false)))
                .next());
    PageRequest newest = new PageRequest(1, cursor, false);
    PageRequest oldest = new PageRequest(1, cursor, true);
    assertThatThrownBy(
            () -> await(letters.list(null, Set.of(), null, null, Event.NONE, Event.NONE, oldest)))
        .isInstanceOf(BadCursor.class);
    assertThatThrownBy(() -> await(transactions.list(ListFilter.ALL, newest)))
        .isInstanceOf(BadCursor.class);
    assertThatThrownBy(() -> await(mismatches.list(ListFilter.ALL, Openness.ALL, newest)))
        .isInstanceOf(BadCursor.class);
    for (String bad : List.of("", "%", cursor + "A", cursor.substring(2), "ä", "a".repeat(9_000))) {
      PageRequest page = new PageRequest(1, bad, false);
      assertThatThrownBy(
              () -> await(letters.list(null, Set.of(), null, null, Event.NONE, Event.NONE, page)))
          .as(bad)
          .isInstanceOf(BadCursor.class);
      assertThatThrownBy(() -> await(transactions.list(ListFilter.ALL, page)))
          .as(bad)
          .isInstanceOf(BadCursor.class);
    }
  }

  @Test
  void aBentCursorIsRefusedOrShowsAPage() {
    Database crowd = database;
    String cursor = Cursor.write("transactions", false, Cursor.of(null), "payments", "TXN", 1);
    TransactionReads reads = new TransactionReads(crowd.reading);
    Random chance = new Random(41);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
      String bent = Base64.getUrlEncoder().encodeToString(bytes);
      var answer = reads.list(ListFilter.ALL, new PageRequest(1, bent, false));
      await(
          answer
              .map(page -> "a page")
              .recover(
                  failure -> {
                    assertThat(failure).isInstanceOf(BadCursor.class);
                    return Future.succeededFuture("refused");
                  }));
    }
  }

  private static @Nullable String one(Random chance, List<String> from) {
    return chance.nextInt(3) > 0 ? null : from.get(chance.nextInt(from.size()));
  }

  private static DeadLetterLine line(Known known, int bytesMax) {
    RawRecord raw = known.letter().raw();
    byte[] key = raw.key();
    byte[] value = raw.value();
    return new DeadLetterLine(
        known.reconciliation(),
        known.topic(),
        known.partition(),
        raw.offset(),
        known.letter().source(),
        known.letter().reason(),
        known.letter().detail(),
        key == null ? null : Arrays.copyOf(key, Math.min(key.length, bytesMax)),
        value == null ? null : Arrays.copyOf(value, Math.min(value.length, bytesMax)),
        key == null ? 0 : key.length,
        value == null ? 0 : value.length,
        bytesMax == Integer.MAX_VALUE ? raw.headers() : List.of(),
        raw.timestampMs(),
        known.createdAtMs());
  }

  /** Arrays are equal to themselves only. */
  private static String text(DeadLetterLine line) {
    StringBuilder text = new StringBuilder();
    text.append(line.reconciliation()).append(' ').append(line.topic()).append(' ');
    text.append(line.partition()).append(' ').append(line.offset()).append(' ');
    text.append(line.source()).append(' ').append(line.reason()).append(' ');
    text.append(line.detail()).append(' ').append(text(line.key())).append(' ');
    text.append(text(line.value())).append(' ').append(line.keySize()).append(' ');
    text.append(line.size()).append(' ').append(line.recordedAtMs()).append(' ');
    text.append(line.createdAtMs());
    line.headers()
        .forEach(header -> text.append(' ').append(header.name()).append(text(header.value())));
    return text.toString();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
