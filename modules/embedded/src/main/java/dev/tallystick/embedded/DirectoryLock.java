package dev.tallystick.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to work in a directory, held through an operating-system lock on {@code
 * tallystick.lock} in it. The kernel gives it back when the process dies, however it dies. The file
 * stays: deleting it would let two processes lock two files.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "tallystick.lock";

  /**
   * A process that was just killed keeps its locks until the kernel has torn it down; a restart at
   * once must not stumble over that.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long POLL_MS = 25;

  /**
   * What this JVM holds. Asked before the file is touched: POSIX drops all locks of a process on a
   * file as soon as the process closes any descriptor of it, so that a mere second look from here
   * would free the first lock.
   */
  private static final ConcurrentMap<Path, Boolean> HELD = new ConcurrentHashMap<>();

  private final Path directory;
  private final FileChannel channel;
  private final FileLock lock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DirectoryLock(Path directory, FileChannel channel, FileLock lock) {
    this.directory = directory;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Creates the directory if need be and takes it.
   *
   * @throws EmbeddedUnavailable if another holder keeps it, with the directory and the holder's pid
   */
  static DirectoryLock acquire(Path wanted) {
    Path directory;
    try {
      directory = Files.createDirectories(wanted).toRealPath();
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "data directory " + wanted.toAbsolutePath() + " can't be created: " + e.getMessage(), e);
    }
    if (HELD.putIfAbsent(directory, Boolean.TRUE) != null) {
      throw taken(directory, Long.toString(ProcessHandle.current().pid()));
    }
    boolean acquired = false;
    try {
      var lock = open(directory);
      if (lock == null) {
        throw taken(directory, Files.readString(directory.resolve(FILE)).strip());
      }
      acquired = true;
      return lock;
    } catch (IOException e) {
      throw new EmbeddedUnavailable(
          "data directory " + directory + " can't be locked: " + e.getMessage(), e);
    } finally {
      if (!acquired) {
        HELD.remove(directory);
      }
    }
  }

  Path directory() {
    return directory;
  }

  private static @Nullable DirectoryLock open(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      var lock = Polling.until(PATIENCE, POLL_MS, channel::tryLock);
      if (lock == null) {
        return null;
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      locked = true;
      return new DirectoryLock(directory, channel, lock);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static EmbeddedUnavailable taken(Path directory, String pid) {
    return new EmbeddedUnavailable(
        "data directory "
            + directory
            + " is in use by process "
            + (pid.isEmpty() ? "unknown" : pid)
            + "; stop it or choose another directory");
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      // Shielded, because a channel refuses, and closes, when the thread that uses it has been
      // interrupted.
      Polling.shielded(
          () -> {
            channel.truncate(0);
            lock.release();
            channel.close();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("lock of " + directory + " could not be released", e);
    } finally {
      HELD.remove(directory);
    }
  }
}
