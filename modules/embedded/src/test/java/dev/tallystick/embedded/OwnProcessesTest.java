package dev.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may be killed, and who may not. {@code sleep} plays the server. */
class OwnProcessesTest {
  private static final Path SLEEP = Path.of("/bin/sleep");

  @TempDir Path dir;

  @Test
  void stopsWhatRunsABinaryOfTheDirectory() throws Exception {
    var ours = new OwnProcesses(dir.toRealPath(), Set.of("postgres"));
    var process = run("postgres");
    assertThat(ours.find(process.pid())).isPresent();
    ours.sweep();
    assertThat(process.waitFor()).isNotZero();
    assertThat(ours.all()).isEmpty();
  }

  @Test
  void sparesStrangers() throws Exception {
    var ours =
        new OwnProcesses(Files.createDirectory(dir.resolve("a")).toRealPath(), Set.of("postgres"));
    var otherName = run("a/editor");
    var otherDirectory = run("b/postgres");
    var similarDirectory = run("ab/postgres");
    try {
      ours.sweep();
      for (var stranger : new Process[] {otherName, otherDirectory, similarDirectory}) {
        assertThat(ours.find(stranger.pid())).as("even if its pid is the recorded one").isEmpty();
        assertThat(stranger.isAlive()).isTrue();
      }
    } finally {
      otherName.destroyForcibly();
      otherDirectory.destroyForcibly();
      similarDirectory.destroyForcibly();
    }
  }

  @Test
  void findsItAlsoWhenItsFileWasDeleted() throws Exception {
    var ours = new OwnProcesses(dir.toRealPath(), Set.of("postgres"));
    var process = run("postgres");
    Files.delete(dir.resolve("postgres"));
    ours.sweep();
    assertThat(process.waitFor()).isNotZero();
  }

  @Test
  void findsTheShellThatIsAboutToBecomeOne() throws Exception {
    var ours = new OwnProcesses(dir.toRealPath(), Set.of("postgres"));
    var script =
        "read never; exec '" + dir.toRealPath().resolve("dist-1/bin/postgres") + "' --boot";
    var shell = new ProcessBuilder("/bin/sh", "-c", script).start();
    var stranger =
        new ProcessBuilder("/bin/sh", "-c", "read never; cat " + dir.toRealPath()).start();
    try {
      ours.sweep();
      assertThat(shell.waitFor()).isNotZero();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  /** A copy of {@code sleep} under that name, running as that file before this returns. */
  private Process run(String name) throws IOException {
    assumeThat(SLEEP).isExecutable();
    var binary = dir.resolve(name);
    Files.createDirectories(binary.getParent());
    Files.copy(SLEEP.toRealPath(), binary);
    return new ProcessBuilder(binary.toRealPath().toString(), "600").start();
  }
}
