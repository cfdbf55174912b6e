package dev.tallystick.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Unpacking programs and starting them, one at a time in this JVM.
 *
 * <p>A child process inherits every open file between its fork and its exec. If that is a program
 * another thread is just writing, that program can't be started until the child has closed it:
 * "Text file busy", in one of a hundred parallel starts. Whoever forks and whoever writes programs
 * therefore take turns here; forks of others are waited out.
 */
final class Programs {
  private static final ReentrantLock TURN = new ReentrantLock();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MS = 20;

  private Programs() {}

  /** Writing programs, or forking in code that is not ours. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  static <T> T inTurn(Step<T> step) throws IOException {
    TURN.lock();
    try {
      return step.run();
    } finally {
      TURN.unlock();
    }
  }

  static Process start(ProcessBuilder builder) throws IOException {
    TURN.lock();
    try {
      var process = Polling.until(PATIENCE, POLL_MS, () -> startUnlessBusy(builder));
      return process != null ? process : builder.start();
    } finally {
      TURN.unlock();
    }
  }

  private static @Nullable Process startUnlessBusy(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("error: 26")) {
        return null; // ETXTBSY
      }
      throw e;
    }
  }
}
