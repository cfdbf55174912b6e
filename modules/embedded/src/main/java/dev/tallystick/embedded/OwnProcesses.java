package dev.tallystick.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that belong to one server directory, and to nothing else.
 *
 * <p>A pid proves nothing: it may have been given to a stranger since it was written down. What
 * proves it is the executable: each directory runs binaries unpacked into itself, and the operating
 * system knows which file a process runs. So a process is ours if its executable lies in this
 * directory and has one of the names we start; all others are strangers and are left alone. That
 * also finds those a killed run never got to write down, such as a half-done {@code initdb}.
 */
final class OwnProcesses {
  private static final Logger log = LoggerFactory.getLogger(OwnProcesses.class);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long POLL_MS = 20;

  /** What Linux appends to the executable of a process whose file was deleted meanwhile. */
  private static final String DELETED = " (deleted)";

  private final Path directory;
  private final Set<String> names;

  OwnProcesses(Path realDirectory, Set<String> names) {
    this.directory = realDirectory;
    this.names = names;
  }

  /** The living process of that pid, if it is ours. */
  Optional<ProcessHandle> find(long pid) {
    return ProcessHandle.of(pid).filter(this::isOurs);
  }

  List<ProcessHandle> all() {
    return ProcessHandle.allProcesses().filter(this::isOurs).toList();
  }

  /** Stops whatever is left: asks first, kills after {@link #GRACE}. */
  void sweep() throws IOException {
    var left = all();
    if (left.isEmpty()) {
      return;
    }
    log.info("stopping {} left in {} by a run that was killed", pids(left), directory);
    left.forEach(ProcessHandle::destroy);
    if (!awaitNone(GRACE)) {
      all().forEach(ProcessHandle::destroyForcibly);
      if (!awaitNone(GRACE)) {
        throw new EmbeddedUnavailable(
            "process " + pids(all()) + " still works in " + directory + " and can't be stopped");
      }
    }
  }

  boolean awaitNone(Duration patience) throws IOException {
    return Polling.until(patience, POLL_MS, () -> all().isEmpty() ? Boolean.TRUE : null) != null;
  }

  /**
   * Whether this one process went away in time. Asks for the executable too: a zombie that nobody
   * reaps has none, and is gone for us.
   */
  boolean awaitGone(ProcessHandle process, Duration patience) throws IOException {
    return Polling.until(
            patience, POLL_MS, () -> (process.isAlive() && isOurs(process)) ? null : Boolean.TRUE)
        != null;
  }

  private boolean isOurs(ProcessHandle process) {
    return process.info().command().map(this::isOurs).orElse(false);
  }

  private boolean isOurs(String command) {
    var executable =
        Path.of(
            command.endsWith(DELETED)
                ? command.substring(0, command.length() - DELETED.length())
                : command);
    var name = executable.getFileName();
    return name != null && executable.startsWith(directory) && names.contains(name.toString());
  }

  private static List<Long> pids(List<ProcessHandle> processes) {
    return processes.stream().map(ProcessHandle::pid).toList();
  }
}
