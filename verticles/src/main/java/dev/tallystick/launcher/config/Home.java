package dev.tallystick.launcher.config;

import dev.tallystick.formats.yaml.SettingException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of the program: where {@code config/tallystick.yaml} is. */
public final class Home {

  private static final Path MARK = Path.of("config", "tallystick.yaml");

  private Home() {}

  /**
   * {@code TALLYSTICK_HOME} if it is set; otherwise the nearest directory above the program's own
   * classes.
   *
   * @throws SettingException there is none
   */
  public static Path find(Map<String, String> variables) {
    String named = variables.get("TALLYSTICK_HOME");
    if (named != null) {
      Path home = Path.of(named);
      if (!Files.isRegularFile(home.resolve(MARK))) {
        throw new SettingException("TALLYSTICK_HOME: " + named + " has no " + MARK);
      }
      return home;
    }
    for (Path above = code(); above != null; above = above.getParent()) {
      if (Files.isRegularFile(above.resolve(MARK))) {
        return above;
      }
    }
    throw new SettingException("TALLYSTICK_HOME: is not set, and no " + MARK + " was found");
  }

  private static @Nullable Path code() {
    CodeSource source = Home.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
