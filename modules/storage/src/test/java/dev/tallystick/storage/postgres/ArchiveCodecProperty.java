package dev.tallystick.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.tallystick.core.model.RawRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The archive gives back every byte, or says that it cannot. */
class ArchiveCodecProperty {

  @Property(tries = 300)
  void recordsComeBackByteForByte(@ForAll("records") List<RawRecord> records) {
    assertThat(ArchiveCodec.decode("zstd", ArchiveCodec.encode(records)))
        .usingRecursiveComparison()
        .isEqualTo(records);
  }

  @Property(tries = 500)
  void aFlippedBitIsRefused(
      @ForAll("records") List<RawRecord> records, @ForAll int at, @ForAll int bit) {
    byte[] payload = ArchiveCodec.encode(records);
    payload[Math.floorMod(at, payload.length)] ^= (byte) (1 << Math.floorMod(bit, 8));
    // A few bits of a frame mean nothing; then all must be as it was.
    try {
      assertThat(ArchiveCodec.decode("zstd", payload))
          .usingRecursiveComparison()
          .isEqualTo(records);
    } catch (DamagedArchive damaged) {
      assertThat(damaged.getMessage()).isNotBlank();
    }
  }

  @Property(tries = 300)
  void anyBytesInAValidFrameAreRecordsOrRefused(@ForAll byte[] bytes) {
    try {
      List<RawRecord> records = ArchiveCodec.decode("zstd", Zstd.compress(bytes));
      assertThat(Zstd.decompress(ArchiveCodec.encode(records), bytes.length)).isEqualTo(bytes);
    } catch (DamagedArchive damaged) {
      assertThat(damaged.getMessage()).isNotBlank();
    }
  }

  @Example
  void everyTruncationIsRefused() {
    byte[] payload = ArchiveCodec.encode(List.of(Samples.raw(1, "key", "value")));
    for (int length = 0; length < payload.length; length++) {
      byte[] cut = Arrays.copyOf(payload, length);
      assertThatThrownBy(() -> ArchiveCodec.decode("zstd", cut)).isInstanceOf(DamagedArchive.class);
    }
  }

  @Example
  void whatBreaksIsNamed() {
    byte[] payload = ArchiveCodec.encode(List.of(Samples.raw(1, "key", "value")));
    assertThatThrownBy(() -> ArchiveCodec.decode("lz4", payload))
        .hasMessage("unknown codec \"lz4\"");
    assertThatThrownBy(() -> ArchiveCodec.decode("zstd", Zstd.compress(new byte[] {1, 2, 3})))
        .hasMessage("16 bytes wanted at byte 0, 3 are left");
    byte[] negative = ByteBuffer.allocate(20).putLong(1).putLong(2).putInt(-2).array();
    assertThatThrownBy(() -> ArchiveCodec.decode("zstd", Zstd.compress(negative)))
        .hasMessage("length -2 at byte 16");
    byte[] many =
        ByteBuffer.allocate(28).putLong(1).putLong(2).putInt(-1).putInt(-1).putInt(9).array();
    assertThatThrownBy(() -> ArchiveCodec.decode("zstd", Zstd.compress(many)))
        .hasMessage("offset 1 has 9 headers");
    byte[] backwards =
        ArchiveCodec.encode(List.of(Samples.raw(2, "a", null), Samples.raw(2, "b", null)));
    assertThatThrownBy(() -> ArchiveCodec.decode("zstd", backwards)).hasMessage("offset 2 after 2");
  }

  @Provide
  Arbitrary<List<RawRecord>> records() {
    Arbitrary<byte @Nullable []> bytes =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(40).injectNull(0.2);
    Arbitrary<List<RawRecord.Header>> headers =
        Combinators.combine(Arbitraries.strings().ofMaxLength(5), bytes)
            .as(RawRecord.Header::new)
            .list()
            .ofMaxSize(3);
    return Combinators.combine(Arbitraries.longs(), bytes, bytes, headers)
        .as((timestampMs, key, value, named) -> new RawRecord(0, timestampMs, key, value, named))
        .list()
        .ofMaxSize(6)
        .map(ArchiveCodecProperty::numbered);
  }

  private static List<RawRecord> numbered(List<RawRecord> records) {
    List<RawRecord> numbered = new ArrayList<>();
    for (RawRecord r : records) {
      numbered.add(
          new RawRecord(3L * numbered.size(), r.timestampMs(), r.key(), r.value(), r.headers()));
    }
    return numbered;
  }
}
