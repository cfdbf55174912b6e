package dev.tallystick.core.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Compiles core with one line changed and runs the worlds against it: a test that cannot see the
 * change would see nothing. The change is text for text, so a line that moved fails loudly.
 *
 * @param where class whose source is changed
 * @param edits text → its replacement
 */
record PlantedBug(String name, String where, Map<String, String> edits) {

  PlantedBug(String name, String where, String find, String replace) {
    this(name, where, Map.of(find, replace));
  }

  private static final Path SOURCES = Path.of("src/main/java/dev/tallystick/core");

  @Override
  public String toString() {
    return name;
  }

  /** The mutated world's first complaint in {@code seeds} worlds, or empty. */
  String firstComplaint(int seeds, Path scratch) {
    compile(scratch);
    try (ChildFirst loader = new ChildFirst(scratch)) {
      Method world =
          loader
              .loadClass("dev.tallystick.core.engine.World")
              .getDeclaredMethod("outcome", long.class, int.class, int.class);
      world.setAccessible(true);
      Method order =
          loader.loadClass("dev.tallystick.core.judge.OrderFree").getMethod("outcome", long.class);
      for (long seed = 0; seed < seeds; seed++) {
        int openMax = List.of(4, 1, 50).get((int) (seed % 3));
        String said = world.invoke(null, seed, openMax, 1500) + "" + order.invoke(null, seed);
        if (!said.isEmpty()) {
          return "seed " + seed + ": " + said;
        }
      }
      return "";
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void compile(Path scratch) {
    try {
      Path original = SOURCES.resolve(where + ".java");
      String source = Files.readString(original);
      for (Map.Entry<String, String> edit : edits.entrySet()) {
        int at = source.indexOf(edit.getKey());
        if (at < 0 || source.indexOf(edit.getKey(), at + 1) >= 0) {
          throw new IllegalStateException(
              "%s: the line is not there exactly once: %s".formatted(where, edit.getKey()));
        }
        source = source.replace(edit.getKey(), edit.getValue());
      }
      Path changed = scratch.resolve("src").resolve(original.getFileName());
      Files.createDirectories(changed.getParent());
      Files.writeString(changed, source);
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-proc:none",
                  "-d",
                  scratch.toString(),
                  changed.toString()));
      int code = compiler.run(null, null, null, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new IllegalStateException(name + ": the changed source does not compile");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads core and its tests anew, the changed class first. */
  private static final class ChildFirst extends URLClassLoader {

    ChildFirst(Path scratch) throws IOException {
      super(
          new URL[] {
            scratch.toUri().toURL(),
            Path.of("target/classes").toUri().toURL(),
            Path.of("target/test-classes").toUri().toURL()
          },
          PlantedBug.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.tallystick.core.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        @Nullable Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }
  }
}
