package dev.tallystick.storage.postgres;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tallystick.core.model.RawRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payload of {@code event_archive}, as described in {@code V1__engine.sql}: records in offset
 * order, in one zstd frame with its checksum. A damaged payload is refused, never half read.
 */
public final class ArchiveCodec {

  /** Value of the column {@code codec}. */
  public static final String ZSTD = "zstd";

  /** A segment is one commit of one topic partition: far below this, uncompressed. */
  public static final int SEGMENT_BYTES_MAX = 512 << 20;

  // 1 to 3 differ by a few percent in size; 1 costs the least of the commit's time.
  private static final int LEVEL = 1;

  private ArchiveCodec() {}

  /**
   * @param records in offset order
   */
  public static byte[] encode(List<RawRecord> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream out = new DataOutputStream(bytes);
        ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      for (RawRecord record : records) {
        write(out, record);
      }
      return zstd.setLevel(LEVEL).setChecksum(true).compress(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, RawRecord record) throws IOException {
    out.writeLong(record.offset());
    out.writeLong(record.timestampMs());
    write(out, record.key());
    write(out, record.value());
    out.writeInt(record.headers().size());
    for (RawRecord.Header header : record.headers()) {
      write(out, header.name().getBytes(StandardCharsets.UTF_8));
      write(out, header.value());
    }
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  /**
   * @param codec as stored beside the payload
   * @throws DamagedArchive for bytes that {@link #encode} did not make
   */
  public static List<RawRecord> decode(String codec, byte[] payload) {
    if (!codec.equals(ZSTD)) {
      throw new DamagedArchive("unknown codec \"" + codec + "\"");
    }
    ByteBuffer in = ByteBuffer.wrap(decompress(payload));
    List<RawRecord> records = new ArrayList<>();
    while (in.hasRemaining()) {
      RawRecord record = record(in);
      if (!records.isEmpty() && record.offset() <= records.getLast().offset()) {
        throw new DamagedArchive(
            "offset " + record.offset() + " after " + records.getLast().offset());
      }
      records.add(record);
    }
    return List.copyOf(records);
  }

  private static byte[] decompress(byte[] payload) {
    // The library reads the first byte without looking whether there is one.
    long size = payload.length == 0 ? -1 : Zstd.getFrameContentSize(payload);
    if (size < 0 || size > SEGMENT_BYTES_MAX) {
      throw new DamagedArchive("not a zstd frame of at most " + SEGMENT_BYTES_MAX + " bytes");
    }
    try {
      return Zstd.decompress(payload, (int) size);
    } catch (ZstdException e) {
      throw new DamagedArchive("zstd: " + e.getMessage());
    }
  }

  private static RawRecord record(ByteBuffer in) {
    need(in, 16);
    long offset = in.getLong();
    long timestampMs = in.getLong();
    byte[] key = bytes(in);
    byte[] value = bytes(in);
    need(in, 4);
    int count = in.getInt();
    // Each header takes at least its two lengths: more than fit are a wrong number.
    if (count < 0 || count > in.remaining() / 8) {
      throw new DamagedArchive("offset " + offset + " has " + count + " headers");
    }
    List<RawRecord.Header> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] name = bytes(in);
      if (name == null) {
        throw new DamagedArchive("offset " + offset + ": header " + i + " has no name");
      }
      headers.add(new RawRecord.Header(new String(name, StandardCharsets.UTF_8), bytes(in)));
    }
    return new RawRecord(offset, timestampMs, key, value, List.copyOf(headers));
  }

  private static byte @Nullable [] bytes(ByteBuffer in) {
    need(in, 4);
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0) {
      throw new DamagedArchive("length " + length + " at byte " + (in.position() - 4));
    }
    need(in, length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static void need(ByteBuffer in, int count) {
    if (in.remaining() < count) {
      throw new DamagedArchive(
          count + " bytes wanted at byte " + in.position() + ", " + in.remaining() + " are left");
    }
  }
}
