package dev.tallystick.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallystick.core.model.Event;
import org.junit.jupiter.api.Test;

/** A source's time moves on proof only (protocol, section 3). */
class SourceTimeTest {

  private final SourceTime time = new SourceTime(2_000, 1_000);

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(time.timeMs()).isEqualTo(Event.NONE);
    time.handedOver(Event.NONE, 7);
    assertThat(time.timeMs()).isEqualTo(Event.NONE);
  }

  @Test
  void aRecordProvesItsTimestampLessTheRecordSkew() {
    time.handedOver(50_000, 1);
    assertThat(time.timeMs()).isEqualTo(49_000);
    time.handedOver(49_500, 2);
    assertThat(time.timeMs()).as("a timestamp that steps back").isEqualTo(49_000);
  }

  @Test
  void anEndOffsetProvesTheMomentOfTheRequestOnceItIsReached() {
    time.proof(60_000, 10);
    time.handedOver(Event.NONE, 9);
    assertThat(time.timeMs()).isEqualTo(Event.NONE);
    time.handedOver(Event.NONE, 10);
    assertThat(time.timeMs()).isEqualTo(58_000);
  }

  @Test
  void anEmptyTopicMovesWithoutARecord() {
    time.proof(60_000, 0);
    time.handedOver(Event.NONE, 0);
    assertThat(time.timeMs()).isEqualTo(58_000);
  }

  @Test
  void whatIsReachedTogetherCountsTogether() {
    time.proof(60_000, 10);
    time.proof(70_000, 12);
    time.proof(80_000, 99);
    time.handedOver(Event.NONE, 50);
    assertThat(time.timeMs()).isEqualTo(68_000);
  }

  @Test
  void anAnswerWithALowerEndProvesNothingBeforeTheHigherOne() {
    time.proof(60_000, 10);
    time.proof(70_000, 5);
    time.handedOver(Event.NONE, 9);
    assertThat(time.timeMs()).isEqualTo(Event.NONE);
    time.handedOver(Event.NONE, 10);
    assertThat(time.timeMs()).isEqualTo(68_000);
  }

  /** An end that is not reached for long must not fill memory, nor cost the first or the last. */
  @Test
  void proofsThatAreNotReachedAreBounded() {
    for (int i = 0; i < 1_000; i++) {
      time.proof(60_000 + i, 10 + i);
    }
    time.handedOver(Event.NONE, 10);
    assertThat(time.timeMs()).isEqualTo(58_000);
    time.handedOver(Event.NONE, 1_008);
    assertThat(time.timeMs()).as("the 63 oldest are kept").isEqualTo(58_062);
    time.handedOver(Event.NONE, 1_009);
    assertThat(time.timeMs()).as("and the newest").isEqualTo(58_999);
  }
}
