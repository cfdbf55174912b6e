package dev.tallystick.storage.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;

/** A cursor comes back as it was written, or not at all. */
class CursorProperty {

  @Property
  void whatIsWrittenIsRead(
      @ForAll @LongRange(min = -62_135_596_800_000_000L, max = 253_402_300_799_999_999L)
          long micros,
      @ForAll @StringLength(max = 256) String text,
      @ForAll int number,
      @ForAll boolean oldestFirst) {
    // No stored text holds U+0000, and none a half character.
    String stored = new String(bytes(text.replace('\0', ' ')), StandardCharsets.UTF_8);
    OffsetDateTime at = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    String cursor = Cursor.write("list", oldestFirst, Cursor.of(at), stored, number, "");
    Cursor read = requireNonNull(Cursor.read("list", 4, new PageRequest(1, cursor, oldestFirst)));
    assertThat(read.time(0)).isEqualTo(at);
    assertThat(read.text(1)).isEqualTo(stored);
    assertThat(read.integer(2)).isEqualTo(number);
    assertThat(read.time(3)).isNull();
    assertThat(cursor).matches("[A-Za-z0-9_-]+");

    assertThatThrownBy(() -> Cursor.read("list", 4, new PageRequest(1, cursor, !oldestFirst)))
        .isInstanceOf(BadCursor.class);
    assertThatThrownBy(() -> Cursor.read("other", 4, new PageRequest(1, cursor, oldestFirst)))
        .isInstanceOf(BadCursor.class);
    assertThatThrownBy(() -> Cursor.read("list", 3, new PageRequest(1, cursor, oldestFirst)))
        .isInstanceOf(BadCursor.class);
  }

  @Property
  void anythingElseIsABadCursorAndNothingWorse(@ForAll @NotEmpty String text) {
    assertThatThrownBy(() -> Cursor.read("list", 1, new PageRequest(1, text, false)))
        .isInstanceOf(BadCursor.class);
  }

  @Property
  void aPartThatIsNotWhatItsPlaceHoldsIsABadCursor(@ForAll @StringLength(max = 30) String part) {
    String cursor = Cursor.write("list", false, part.replace('\0', ' ').replaceAll("[0-9]", "x"));
    Cursor read = Cursor.read("list", 1, new PageRequest(1, cursor, false));
    assertThatThrownBy(() -> requireNonNull(read).requiredTime(0)).isInstanceOf(BadCursor.class);
    assertThatThrownBy(() -> requireNonNull(read).integer(0)).isInstanceOf(BadCursor.class);
  }

  @Property
  void aTimeThatNoRowCanHaveIsABadCursor(
      @ForAll @LongRange(min = 253_402_300_800_000_000L) long late) {
    for (long micros : new long[] {late, -late}) {
      String cursor = Cursor.write("list", false, Long.toString(micros));
      Cursor read = Cursor.read("list", 1, new PageRequest(1, cursor, false));
      assertThatThrownBy(() -> requireNonNull(read).time(0)).isInstanceOf(BadCursor.class);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
