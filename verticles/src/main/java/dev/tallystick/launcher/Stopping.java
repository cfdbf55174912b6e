package dev.tallystick.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ordered stop. A signal reaches the shutdown hook, which asks the main thread to stop and
 * waits for it at most {@value #STOP_MAX_SECONDS} s; the main thread closes what it opened, the
 * newest first. The JVM itself then ends with 130 or 143: that is why there is a hook and no signal
 * handler of our own.
 */
public final class Stopping {

  private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
  private static final int STOP_MAX_SECONDS = 20;

  private final Thread main = Thread.currentThread();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private boolean interruptible = true;

  Stopping() {}

  /** Listens to INT and TERM from here on. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
  }

  private void stop() {
    synchronized (this) {
      if (ended.getCount() == 0) {
        return; // the end of main() brought us here
      }
      asked.countDown();
      if (interruptible) {
        main.interrupt(); // it may be waiting for a server to start
      }
    }
    try {
      if (!ended.await(STOP_MAX_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("not stopped within {} s; ending all the same", STOP_MAX_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A signal came. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /**
   * Waits for a signal, at most that long.
   *
   * @return whether one came
   */
  public boolean await(long ms) {
    try {
      return asked.await(Math.max(0, ms), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // The hook's interrupt overtook its own latch; it is the only one who interrupts.
      return true;
    }
  }

  /** Waits for a signal. */
  public void await() {
    while (!await(Long.MAX_VALUE)) {
      // no signal in 292 million years
    }
  }

  /** To be closed at the stop, before everything that was registered earlier. */
  public <C extends AutoCloseable> C closing(C resource) {
    opened.push(resource);
    return resource;
  }

  /** Closes everything; a second call does nothing. From here on nobody interrupts. */
  public void close() {
    synchronized (this) {
      interruptible = false;
    }
    // What closes waits for others, and would not with the flag still set.
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      LOG.info("stopping on a signal");
    }
    while (!opened.isEmpty()) {
      AutoCloseable resource = opened.pop();
      try {
        resource.close();
      } catch (Exception e) {
        LOG.warn("{} did not close cleanly", resource.getClass().getSimpleName(), e);
      }
    }
  }

  /** The main thread is done; a hook that waits goes on. */
  synchronized void ended() {
    ended.countDown();
  }
}
