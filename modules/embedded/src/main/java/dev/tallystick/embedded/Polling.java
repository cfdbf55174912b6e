package dev.tallystick.embedded;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for what nobody announces: a lock of a dying process, the end of a process that is not
 * our child. Interrupts end it.
 */
final class Polling {
  private Polling() {}

  /** A question whose answer is null until it has one. */
  @FunctionalInterface
  interface Question<T> {
    @Nullable T ask() throws IOException;
  }

  /**
   * Asks at once, then every {@code intervalMs}, at the latest when time is over; null if there was
   * no answer by then.
   */
  static <T> @Nullable T until(Duration patience, long intervalMs, Question<T> question)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      var answer = question.ask();
      if (answer != null || System.nanoTime() - end >= 0) {
        return answer;
      }
      try {
        Thread.sleep(intervalMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddedUnavailable("interrupted while waiting for an embedded server", e);
      }
    }
  }

  /**
   * What must be done to its end, such as stopping a process, even by a thread that was told to
   * stop; the interrupt is kept for later.
   */
  @FunctionalInterface
  interface Duty<X extends Exception> {
    void perform() throws X;
  }

  static <X extends Exception> void shielded(Duty<X> duty) throws X {
    boolean interrupted = Thread.interrupted();
    try {
      duty.perform();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
