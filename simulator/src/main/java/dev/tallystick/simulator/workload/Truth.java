package dev.tallystick.simulator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a run: {@value #FILE}, one line per transaction, written before anything of it is
 * sent, and {@value #POSITION}, which says how far the truth was surely sent. Used by one thread.
 */
final class Truth implements AutoCloseable {

  static final String FILE = "truth.ndjson";
  static final String POSITION = "truth-position.json";

  private static final JsonMapper JSON = new JsonMapper();

  private final Path directory;
  private final OutputStream out;
  private long bytes;

  /**
   * What was stored last.
   *
   * @param truthBytes everything before it was sent, but for {@code unfinished}
   * @param unfinished transaction ids
   */
  record Position(long truthBytes, List<String> unfinished) {}

  private Truth(Path directory, OutputStream out, long bytes) {
    this.directory = directory;
    this.out = out;
    this.bytes = bytes;
  }

  /** Opens for appending; what follows the last line end was torn by a crash and is cut off. */
  static Truth open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(FILE);
    long length = Files.exists(file) ? whole(file) : 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
    OutputStream raw = Files.newOutputStream(file, StandardOpenOption.APPEND);
    return new Truth(directory, new BufferedOutputStream(raw, 1 << 16), length);
  }

  void planned(TransactionPlan plan, long beginMs) {
    ObjectNode line = JSON.createObjectNode();
    line.put("index", plan.index()).put("txn_id", plan.txnId());
    line.put("seed", Long.toHexString(plan.seed())).put("reconciliation", plan.reconciliation());
    line.put("kind", plan.kind() == null ? "NONE" : plan.kind().name());
    line.put("source", plan.source());
    line.put("reason", plan.poison() == null ? null : plan.poison().name());
    line.put("at", beginMs).put("records", plan.records().size());
    append(line);
  }

  /**
   * Something that changes what is to be expected of a transaction.
   *
   * @param what {@code resumed}: its records were sent again after a crash or a failed send; {@code
   *     delayed}: {@code source} reached the log after its deadline, by the broker's fault
   */
  void amended(String txnId, String what, @Nullable String source) {
    append(JSON.createObjectNode().put("amend", what).put("txn_id", txnId).put("source", source));
  }

  /** Hands everything to the operating system, where a killed process does not lose it. */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + directory.resolve(FILE), e);
    }
  }

  /** Everything written so far was sent, but for these. */
  void position(List<String> unfinished) {
    flush();
    ObjectNode node = JSON.createObjectNode().put("truth_bytes", bytes);
    node.set("unfinished", JSON.valueToTree(unfinished));
    Path file = directory.resolve(POSITION);
    Path next = directory.resolve(POSITION + ".next");
    try {
      Files.writeString(next, node.toString());
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  static Position position(Path directory) throws IOException {
    Path file = directory.resolve(POSITION);
    if (!Files.exists(file)) {
      return new Position(0, List.of());
    }
    JsonNode node = JSON.readTree(Files.readString(file));
    List<String> unfinished = node.path("unfinished").valueStream().map(JsonNode::asText).toList();
    return new Position(node.path("truth_bytes").asLong(), unfinished);
  }

  private void append(ObjectNode line) {
    byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + directory.resolve(FILE), e);
    }
    bytes += text.length;
  }

  /** Length up to and with the last line end. */
  private static long whole(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length();
      while (end > 0) {
        in.seek(end - 1);
        if (in.read() == '\n') {
          return end;
        }
        end--;
      }
      return 0;
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + directory.resolve(FILE), e);
    }
  }
}
