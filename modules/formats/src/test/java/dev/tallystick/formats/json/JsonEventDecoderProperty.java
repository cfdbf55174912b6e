package dev.tallystick.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.DeadLetterReason;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for any bytes. */
class JsonEventDecoderProperty {

  private static final List<String> FIELDS =
      List.of(
          "\"txn_id\":\"TXN-é😀\"",
          "\"source\":\"GATEWAY\"",
          "\"event_type\":\"PAYMENT_CAPTURED\"",
          "\"status\":\"SUCCESS\"",
          "\"amount\":50000",
          "\"currency\":\"INR\"",
          "\"timestamp\":\"2025-12-18T10:15:30.5+05:30\"",
          "\"account\":\"A \\\\ \\\" \\u00e9\"",
          "\"fee\":12",
          "\"rail\":\"UPI\"",
          "\"attributes\":{\"z\":\"1\",\"a\":\"2\"}");

  private static final byte[] KEY = "TXN-é😀".getBytes(StandardCharsets.UTF_8);
  private static final byte[] GOOD =
      ("{" + String.join(",", FIELDS) + "}").getBytes(StandardCharsets.UTF_8);

  private static final int[] EDGES = {
    0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  private final JsonEventDecoder decoder = Records.decoder();

  @Property
  void orderAndSpacesDoNotChangeWhatIsStated(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> fields = new ArrayList<>(FIELDS);
    Collections.shuffle(fields, random);
    StringBuilder payload = new StringBuilder("{");
    for (String field : fields) {
      payload.append(payload.length() == 1 ? "" : ",").append(space(random));
      payload.append(field.replaceFirst(":", space(random) + ":" + space(random)));
      payload.append(space(random));
    }
    String text = payload.append('}').append(space(random)).toString();
    assertThat(decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(decode(GOOD));
  }

  private static String space(Random random) {
    return List.of("", " ", "\n", "\t \r\n").get(random.nextInt(4));
  }

  @Property
  void anyBytesAreReadOrRefused(@ForAll byte[] value, @ForAll byte[] key) {
    Reading reading = decoder.decode(new RawRecord(0, Records.AT, key, value, List.of()));
    assertThat(reading).isInstanceOf(Reading.Refused.class);
    isOneStorableLine((Reading.Refused) reading);
  }

  @Property
  void bytesThatAreAlmostJsonAreReadOrRefused(@ForAll("almostJson") String value) {
    Reading reading =
        decoder.decode(
            new RawRecord(0, Records.AT, KEY, value.getBytes(StandardCharsets.UTF_8), List.of()));
    assertThat(reading).isInstanceOf(Reading.Refused.class);
    isOneStorableLine((Reading.Refused) reading);
  }

  @Provide
  Arbitrary<String> almostJson() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"amount\"",
            "\"attributes\"",
            "\"a\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "1",
            "1.5",
            "1e999999999",
            "-",
            "null",
            "true",
            " ",
            "\u0000",
            "\"")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 3000)
  void oneWrongByteIsRefusedOrStatesSomethingStorable(
      @ForAll @IntRange(max = 400) int at, @ForAll byte wrong) {
    byte[] value = GOOD.clone();
    value[at % value.length] = wrong;
    Reading reading = decoder.decode(new RawRecord(0, Records.AT, KEY, value, List.of()));
    switch (reading) {
      case Reading.Taken taken ->
          assertThat(CanonicalEvent.text(taken.event())).doesNotContain("\u0000");
      case Reading.Refused refused -> isOneStorableLine(refused);
      case Reading.NotOurs notOurs -> throw new AssertionError("a decoder knows no owners");
    }
  }

  @Example
  void everyTruncationIsRefused() {
    for (int length = 0; length < GOOD.length; length++) {
      byte[] value = Arrays.copyOf(GOOD, length);
      Reading reading = decoder.decode(new RawRecord(0, Records.AT, KEY, value, List.of()));
      assertThat(reading).isInstanceOf(Reading.Refused.class);
      assertThat(((Reading.Refused) reading).reason()).isEqualTo(DeadLetterReason.NOT_JSON);
    }
  }

  /** All sequences of up to four bytes made of those at the edges of RFC 3629's ranges. */
  @Example
  void utf8IsWhatTheStrictDecoderReads() {
    byte[][] heads = {{}};
    for (int length = 1; length <= 4; length++) {
      byte[][] longer = new byte[heads.length * EDGES.length][];
      for (int i = 0; i < longer.length; i++) {
        longer[i] = Arrays.copyOf(heads[i / EDGES.length], length);
        longer[i][length - 1] = (byte) EDGES[i % EDGES.length];
        if (StrictUtf8.firstWrong(longer[i]) < 0 != isUtf8(longer[i])) {
          throw new AssertionError(HexFormat.of().formatHex(longer[i]));
        }
      }
      heads = longer;
    }
  }

  @Property
  void whereUtf8EndsDoesNotDependOnWhatIsBefore(@ForAll @IntRange(max = 40) int before) {
    byte[] text = ("x".repeat(before) + "é").getBytes(StandardCharsets.UTF_8);
    assertThat(StrictUtf8.firstWrong(text)).isEqualTo(-1);
    assertThat(StrictUtf8.firstWrong(Arrays.copyOf(text, before + 1))).isEqualTo(before);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** A dead letter's detail is a column of PostgreSQL and a line of a log. */
  private static void isOneStorableLine(Reading.Refused refused) {
    String detail = refused.detail();
    assertThat(detail).isNotEmpty().hasSizeLessThan(600);
    assertThat(detail.chars().noneMatch(Character::isISOControl)).isTrue();
    assertThat(JsonRecordDecoder.isStorable(detail.toCharArray(), 0, detail.length())).isTrue();
  }

  private Event decode(byte[] value) {
    Reading reading = decoder.decode(new RawRecord(7, Records.AT, KEY, value, List.of()));
    assertThat(reading).isInstanceOf(Reading.Taken.class);
    Event event = ((Reading.Taken) reading).event();
    assertThat(event.attributes())
        .containsExactly(Map.entry("a", "2"), Map.entry("rail", "UPI"), Map.entry("z", "1"));
    return event;
  }
}
