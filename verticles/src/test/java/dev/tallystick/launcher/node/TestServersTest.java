package dev.tallystick.launcher.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

class TestServersTest {

  @Test
  void anUnknownKindIsRefusedByName(@TempDir Path directory) {
    assertThatThrownBy(() -> TestServers.start("docker", directory))
        .hasMessage("test.services is docker; it may be embedded or containers");
  }

  @Test
  void containersWithoutAnEngineAreOneLine(@TempDir Path directory) {
    assumeFalse(DockerClientFactory.instance().isDockerAvailable());
    assertThatThrownBy(() -> TestServers.start("containers", directory))
        .hasMessageStartingWith("test.services is containers, and no Docker engine answers")
        .hasMessageNotContaining("\n");
  }
}
