package dev.tallystick.simulator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One line of the truth.
 *
 * @param end offset of the byte after the line
 * @param amend {@code resumed} or {@code delayed}; null: the line of a new transaction, and only
 *     then do the following mean something
 * @param kind null: no fault
 * @param reason of the dead letter, for POISON
 * @param beginMs epoch milliseconds
 */
public record TruthLine(
    long end,
    String txnId,
    @Nullable String amend,
    @Nullable String source,
    long seed,
    long index,
    String reconciliation,
    @Nullable FaultKind kind,
    @Nullable String reason,
    long beginMs) {

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Reads whole lines from a byte offset on; a line without an end is not read yet.
   *
   * @return the offset to go on from
   */
  public static long read(Path directory, long from, Consumer<TruthLine> each) {
    Path file = directory.resolve(Truth.FILE);
    if (!Files.exists(file)) {
      return from;
    }
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.min(from, Files.size(file)));
      byte[] chunk = new byte[1 << 16];
      byte[] pending = new byte[0];
      long end = from;
      for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
        byte[] all = new byte[pending.length + n];
        System.arraycopy(pending, 0, all, 0, pending.length);
        System.arraycopy(chunk, 0, all, pending.length, n);
        int start = 0;
        for (int i = 0; i < all.length; i++) {
          if (all[i] == '\n') {
            end += i + 1 - start;
            each.accept(parse(new String(all, start, i - start, StandardCharsets.UTF_8), end));
            start = i + 1;
          }
        }
        pending = Arrays.copyOfRange(all, start, all.length);
      }
      return end;
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private static TruthLine parse(String line, long end) throws IOException {
    JsonNode node = JSON.readTree(line);
    String kind = node.path("kind").asText("NONE");
    return new TruthLine(
        end,
        node.path("txn_id").asText(),
        node.path("amend").asText(null),
        node.path("source").asText(null),
        Long.parseUnsignedLong(node.path("seed").asText("0"), 16),
        node.path("index").asLong(),
        node.path("reconciliation").asText(),
        kind.equals("NONE") ? null : FaultKind.valueOf(kind),
        node.path("reason").asText(null),
        node.path("at").asLong());
  }
}
