package dev.tallystick.launcher.endpoints;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The node that {@code endpoints.json} names, if it answers. */
public final class LivingNode {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private LivingNode() {}

  /**
   * Asks it whether it lives; blocks up to 2 s. The file may name a node that was killed while the
   * servers it used live on.
   *
   * @return its base address; null: there is none
   */
  public static @Nullable URI find(Path dataDirectory) {
    Endpoints written = new EndpointsFile(dataDirectory).living();
    String http = written == null ? null : written.http();
    if (http == null) {
      return null;
    }
    URI node = URI.create(http);
    return lives(node) ? node : null;
  }

  private static boolean lives(URI node) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(node.resolve("/health/live")).timeout(ANSWER_MAX).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
