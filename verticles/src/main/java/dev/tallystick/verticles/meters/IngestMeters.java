package dev.tallystick.verticles.meters;

import io.micrometer.core.instrument.MeterRegistry;

/** What became of events that were posted. Thread-safe. */
public final class IngestMeters {

  private final MeterRegistry registry;

  public IngestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * One event was acknowledged.
   *
   * @param source one that a definition names, so that there are only so many
   */
  public void accepted(String source) {
    registry.counter("tallystick.ingest.events", "source", source).increment();
  }

  /**
   * A request was refused.
   *
   * @param code of its problem
   */
  public void refused(String code) {
    registry.counter("tallystick.ingest.refused", "code", code).increment();
  }
}
