package dev.tallystick.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

  private static final Set<String> SHELLS = Set.of("sh", "dash", "bash", "busybox");

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

  /**
   * All of ours, and the shells about to become one: {@code initdb} starts its helpers by way of
   * sh.
   */
  List<ProcessHandle> all() {
    return ProcessHandle.allProcesses().filter(p -> isOurs(p) || isOurShell(p)).toList();
  }

  /** Stops whatever is left: asks first, kills after {@link #GRACE}. */
  void sweep() throws IOException {
    if (!end(ProcessHandle::destroy) && !end(ProcessHandle::destroyForcibly)) {
      throw new EmbeddedUnavailable(
          "process " + pids(all()) + " still works in " + directory + " and can't be stopped");
    }
  }

  /** Tells each process once, also those that come while others go; whether none is left. */
  private boolean end(Consumer<ProcessHandle> order) throws IOException {
    var told = new HashSet<Long>();
    return Polling.until(
            GRACE,
            POLL_MS,
            () -> {
              var left = all();
              for (var process : left) {
                if (told.add(process.pid())) {
                  log.info("stopping process {} left in {}", process.pid(), directory);
                  order.accept(process);
                }
              }
              // Twice: one that was born while the first list was made is on the second.
              return (left.isEmpty() && all().isEmpty()) ? Boolean.TRUE : null;
            })
        != null;
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

  /** A shell whose script names one of our programs. */
  private boolean isOurShell(ProcessHandle process) {
    var shell =
        process.info().command().map(c -> SHELLS.contains(c.substring(c.lastIndexOf('/') + 1)));
    return shell.orElse(false)
        && Stream.of(process.info().arguments().orElse(new String[0]))
            .anyMatch(
                a ->
                    names.stream()
                        .anyMatch(n -> a.contains(directory + "/") && a.contains("/bin/" + n)));
  }

  private static List<Long> pids(List<ProcessHandle> processes) {
    return processes.stream().map(ProcessHandle::pid).toList();
  }
}
