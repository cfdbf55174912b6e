package dev.tallystick.launcher.endpoints;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** {@code DIR/endpoints.json}, mode 600, replaced as a whole. */
public final class EndpointsFile {

  public static final String NAME = "endpoints.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Path file;

  public EndpointsFile(Path dataDirectory) {
    this.file = dataDirectory.resolve(NAME);
  }

  /** What is written there, if the process that wrote it lives and is not this one. */
  public @Nullable Endpoints living() {
    Endpoints written = read();
    if (written == null || written.pid() == ProcessHandle.current().pid()) {
      return null;
    }
    return ProcessHandle.of(written.pid()).filter(ProcessHandle::isAlive).isPresent()
        ? written
        : null;
  }

  private @Nullable Endpoints read() {
    try {
      return JSON.readValue(Files.readString(file), Endpoints.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (JsonProcessingException e) {
      return null; // of another make, or damaged: nobody's
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** Replaces the file. */
  public void write(Endpoints endpoints) {
    Path next = file.resolveSibling(NAME + ".next");
    try {
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(next, JSON.writeValueAsString(endpoints) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  /**
   * Says where this process's node is, until the result is closed. Where the servers are those of
   * another process, the file stays its file, and only {@code http} is ours.
   *
   * @param http base address; null: there is no node
   */
  public AutoCloseable announce(Servers servers, @Nullable String http) {
    Endpoints other = living();
    if (servers.isBorrowed() && other != null) {
      write(other.withHttp(http));
      return () -> withdraw(http);
    }
    write(
        new Endpoints(
            ProcessHandle.current().pid(),
            http,
            Endpoints.eventbus(http),
            servers.bootstrap(),
            Endpoints.Postgres.of(servers.postgres()),
            servers.redisUrl(),
            null,
            null));
    return () -> Files.deleteIfExists(file);
  }

  private void withdraw(@Nullable String http) {
    Endpoints now = read();
    if (now != null && http != null && http.equals(now.http())) {
      write(now.withHttp(null));
    }
  }
}
