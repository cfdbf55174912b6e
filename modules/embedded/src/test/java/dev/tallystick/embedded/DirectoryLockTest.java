package dev.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path dir;

  @Test
  void isHeldOnceAndThenFree() throws Exception {
    long pid = ProcessHandle.current().pid();
    var first = DirectoryLock.acquire(dir.resolve("new/data"));
    assertThat(first.directory().resolve(DirectoryLock.FILE)).hasContent(Long.toString(pid));
    assertThatThrownBy(() -> DirectoryLock.acquire(dir.resolve("new/../new/data")))
        .isInstanceOf(EmbeddedUnavailable.class)
        .hasMessage(
            "data directory "
                + first.directory()
                + " is in use by process "
                + pid
                + "; stop it or choose another directory");
    first.close();
    first.close();
    DirectoryLock.acquire(dir.resolve("new/data")).close();
  }

  @Test
  void saysWhenThereCanBeNoDirectory() throws Exception {
    var file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> DirectoryLock.acquire(file))
        .isInstanceOf(EmbeddedUnavailable.class)
        .hasMessageContaining("can't be created");
  }

  @Test
  void messageIsOneLine() {
    assertThat(new EmbeddedUnavailable("a\n  b\r\nc\n")).hasMessage("a; b; c");
  }
}
