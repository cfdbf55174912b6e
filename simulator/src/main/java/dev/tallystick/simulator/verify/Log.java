package dev.tallystick.simulator.verify;

import dev.tallystick.simulator.oracle.LogRecord;
import java.util.function.Consumer;

/** The records as their topics hold them; aborted and control records are not among them. */
public interface Log extends AutoCloseable {

  /** The first offset that is still there. */
  long start(String topic, int partition);

  /**
   * Hands over the records with {@code from <= offset < to}, in order.
   *
   * @throws IllegalStateException the log does not reach {@code to}
   */
  void read(String topic, int partition, long from, long to, Consumer<LogRecord> each);

  @Override
  void close();
}
