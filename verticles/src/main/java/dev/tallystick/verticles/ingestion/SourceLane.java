package dev.tallystick.verticles.ingestion;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.time.SourceTime;
import org.apache.kafka.common.TopicPartition;

/**
 * One source of one running partition, as the consumer's thread sees it: how far it has been handed
 * over, and how much of that is unanswered.
 */
final class SourceLane {

  /** Batches on their way to the actor; past it the topic partition is paused. */
  static final int IN_FLIGHT_MAX = 2;

  final String source;
  final TopicPartition topicPartition;
  final long epoch;
  private final long skewMs;
  private final long recordSkewMs;
  private SourceTime time;
  private long handedTo;
  private long toldMs = Event.NONE;
  private int inFlight;
  private int generation;
  private boolean welcome = true;
  private boolean paused;
  private long endOffset;

  SourceLane(
      String source,
      TopicPartition topicPartition,
      long epoch,
      long position,
      long skewMs,
      long recordSkewMs) {
    this.source = source;
    this.topicPartition = topicPartition;
    this.epoch = epoch;
    this.skewMs = skewMs;
    this.recordSkewMs = recordSkewMs;
    this.time = new SourceTime(skewMs, recordSkewMs);
    this.handedTo = position;
    this.endOffset = position;
  }

  long handedTo() {
    return handedTo;
  }

  int generation() {
    return generation;
  }

  /** Records not yet handed over, as of the last end-offset answer. */
  long lag() {
    return Math.max(0, endOffset - handedTo);
  }

  void proof(long sentAtMs, long end) {
    endOffset = end;
    time.proof(sentAtMs, end);
    time.handedOver(Event.NONE, handedTo);
  }

  /**
   * The consumer is at {@code position}.
   *
   * @return the time to send with the batch
   */
  long handOver(long position, long largestTimestampMs) {
    time.handedOver(largestTimestampMs, position);
    handedTo = position;
    endOffset = Math.max(endOffset, position);
    toldMs = time.timeMs();
    inFlight++;
    return toldMs;
  }

  /** Whether time moved since the actor was told, and a message without records may go. */
  boolean hasNews() {
    return inFlight == 0 && time.timeMs() > toldMs;
  }

  /** A paused lane asks now and then, in case the word that there is room got lost. */
  boolean isIdlePaused() {
    return paused && inFlight == 0;
  }

  void answered(boolean accepting) {
    inFlight--;
    welcome = accepting;
  }

  void unwelcome() {
    welcome = false;
  }

  void room() {
    welcome = true;
  }

  /**
   * Goes on elsewhere. What time has been proven spoke of records that now have to be handed over
   * once more, so it is forgotten; answers to what is under way no longer count.
   */
  void rewind(long position) {
    generation++;
    inFlight = 0;
    handedTo = position;
    time = new SourceTime(skewMs, recordSkewMs);
    toldMs = Event.NONE;
  }

  boolean wantsPause() {
    return !paused && (!welcome || inFlight >= IN_FLIGHT_MAX);
  }

  boolean wantsResume() {
    return paused && welcome && inFlight < IN_FLIGHT_MAX;
  }

  boolean isPaused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }
}
