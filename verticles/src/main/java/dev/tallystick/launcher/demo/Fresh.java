package dev.tallystick.launcher.demo;

import dev.tallystick.embedded.EmbeddedServices;
import dev.tallystick.launcher.WrongUsage;
import dev.tallystick.launcher.endpoints.EndpointsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Erases a data directory, and nothing that is not one. Logs stay. */
public final class Fresh {

  private static final String LOCK = "tallystick.lock";
  private static final Set<String> BEFORE_FIRST_START = Set.of("logs");

  private Fresh() {}

  /**
   * @throws WrongUsage the directory has other content and no mark of ours
   * @throws dev.tallystick.embedded.EmbeddedUnavailable a living process works in it
   */
  public static void erase(Path dataDirectory) throws IOException {
    if (!Files.exists(dataDirectory)) {
      return;
    }
    if (!isOurs(dataDirectory)) {
      throw new WrongUsage(
          "--fresh: %s is not a data directory of Tallystick (no %s in it); nothing was erased"
              .formatted(dataDirectory, LOCK));
    }
    EmbeddedServices.erase(dataDirectory);
    Files.deleteIfExists(dataDirectory.resolve(EndpointsFile.NAME));
    delete(dataDirectory.resolve(Demo.TRUTH));
  }

  private static boolean isOurs(Path directory) throws IOException {
    if (Files.isRegularFile(directory.resolve(LOCK))) {
      return true;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.allMatch(
          entry -> BEFORE_FIRST_START.contains(String.valueOf(entry.getFileName())));
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walked = Files.walk(tree)) { // does not follow links
      all = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
