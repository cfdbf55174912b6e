package dev.tallystick.verticles.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which methods the routes of a path take: what a 405 must say (RFC 9110, section 15.5.6). */
final class AllowedMethods {

  /**
   * @param open takes whatever begins with the segments
   */
  private record Entry(String[] segments, boolean open, Set<HttpMethod> methods) {}

  private final List<Entry> entries = new ArrayList<>();

  AllowedMethods(List<Route> routes) {
    for (Route route : routes) {
      String path = route.getPath();
      Set<HttpMethod> methods = route.methods();
      if (path != null && methods != null && !methods.isEmpty()) {
        // Vert.x tells of /ui/* as /ui/ that need not match exactly.
        boolean open = !route.isExactPath();
        entries.add(new Entry(segments(path), open, methods));
      }
    }
  }

  /** In alphabetical order, separated by comma. */
  String at(@Nullable String path) {
    Set<String> names = new TreeSet<>();
    String[] asked = segments(path == null ? "/" : path);
    for (Entry entry : entries) {
      if (matches(entry, asked)) {
        entry.methods().forEach(method -> names.add(method.name()));
      }
    }
    return String.join(", ", names);
  }

  private static boolean matches(Entry entry, String[] asked) {
    String[] pattern = entry.segments();
    if (entry.open() ? pattern.length > asked.length : pattern.length != asked.length) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (!pattern[i].startsWith(":") && !pattern[i].equals(asked[i])) {
        return false;
      }
    }
    return true;
  }

  /** A slash at the end makes no difference to a route. */
  private static String[] segments(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.split("/", -1);
  }
}
