package dev.tallystick.launcher;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine's own Chromium, without a window. What a page complains about is kept. */
final class Browser implements AutoCloseable {

  /** Where it may be; {@code CHROMIUM} in the environment comes first. */
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** What the browser itself says of a connection that is gone is no fault of the page. */
  private static final List<String> OF_THE_NETWORK =
      List.of(
          "net::ERR_",
          "WebSocket connection to",
          "Failed to load resource",
          "Unable to preload",
          "dynamically imported module");

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
    this.playwright = playwright;
    this.chromium = chromium;
  }

  static Browser open() {
    Path program =
        Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), PLACES.stream())
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no Chromium at " + PLACES + "; install it"));
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Browser(
        playwright,
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setArgs(List.of("--no-sandbox"))));
  }

  /** A page of its own context, {@code width} pixels wide. */
  Page page(int width, @Nullable ColorScheme scheme) {
    com.microsoft.playwright.Browser.NewContextOptions options =
        new com.microsoft.playwright.Browser.NewContextOptions()
            .setViewportSize(width, width < 800 ? 844 : 900)
            .setLocale("en-IN")
            .setTimezoneId("UTC");
    if (scheme != null) {
      options.setColorScheme(scheme);
    }
    BrowserContext context = chromium.newContext(options);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaint(message.text());
          }
        });
    page.onPageError(this::complaint);
    return page;
  }

  private void complaint(String text) {
    if (OF_THE_NETWORK.stream().noneMatch(text::contains)) {
      complaints.add(text);
    }
  }

  /** Errors on the consoles of all pages: of scripts, and of the content security policy. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
