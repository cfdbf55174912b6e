package dev.tallystick.verticles.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files below one directory of the class path, kept in memory once they have been read: there are
 * only those of the build, a few megabytes.
 *
 * <p>Why not Vert.x's StaticHandler: it looks into the working directory before the class path, and
 * a node that is started in a checkout has the dashboard's sources there. What has no known ending,
 * begins with a dot or is a directory is not there.
 */
final class ResourceFiles {

  private static final Pattern NAME =
      Pattern.compile("(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/){0,8}[A-Za-z0-9_][A-Za-z0-9_.-]*");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final Vertx vertx;
  private final String directory;
  private final Map<String, Buffer> read = new ConcurrentHashMap<>();

  /**
   * @param directory on the class path, as {@code webroot}
   */
  ResourceFiles(Vertx vertx, String directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  /** Answers with the file, or fails the request with 404. */
  void send(RoutingContext request, String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      request.fail(404);
      return;
    }
    content(name)
        .onSuccess(
            content -> {
              if (content == null) {
                request.fail(404);
              } else {
                request.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(content);
              }
            })
        .onFailure(request::fail);
  }

  private Future<@Nullable Buffer> content(String name) {
    Buffer known = read.get(name);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return vertx.executeBlocking(
        () -> {
          Buffer loaded = load(name);
          if (loaded != null) {
            read.put(name, loaded);
          }
          return loaded;
        });
  }

  private @Nullable Buffer load(String name) throws IOException {
    try (InputStream in =
        ResourceFiles.class.getClassLoader().getResourceAsStream(directory + '/' + name)) {
      return in == null ? null : Buffer.buffer(in.readAllBytes());
    }
  }
}
