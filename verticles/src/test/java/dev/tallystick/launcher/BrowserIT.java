package dev.tallystick.launcher;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser on a real node in a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {

  private static final Path PICTURES = Path.of("target", "pictures");
  private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
      new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

  private static final LocatorAssertions.HasCountOptions LIVE =
      new LocatorAssertions.HasCountOptions().setTimeout(60_000);

  private Path directory;
  private Browser browser;
  private LauncherProcess node;
  private String http = "";

  @BeforeAll
  void open(@TempDir Path temporary) throws IOException {
    directory = temporary;
    browser = Browser.open();
    node = launch(0);
    JsonNode ready = node.event("ready");
    http = ready.path("http").asText();
    assertThat(ready.path("dashboard").asText()).isEqualTo(http + "/ui/");
  }

  @AfterAll
  void close() {
    node.close();
    browser.close();
  }

  private LauncherProcess launch(int port) throws IOException {
    return LauncherProcess.start(
        directory,
        Map.of("TALLYSTICK_HTTP_OPEN_INGEST", "true"),
        "start",
        "--port",
        Integer.toString(port),
        "--data",
        directory.resolve("data").toString());
  }

  /** Two sources report the same payment, the bank 500 less. */
  private void disagree(String txnId) throws Exception {
    String event =
        """
        {"txn_id":"%s","source":"%s","event_type":"PAYMENT_CAPTURED","status":"SUCCESS",\
        "amount":%d,"currency":"INR","timestamp":"2025-12-18T10:15:30Z"}\
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(http + "/events"))
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "[%s,%s]"
                        .formatted(
                            event.formatted(txnId, "gateway", 5_000),
                            event.formatted(txnId, "bank", 4_500))))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
  }

  @Test
  void aMismatchComesByTheSocketEvenWhereTheListIsBlocked() throws Exception {
    Page page = browser.page(1_440, null);
    page.route("**/mismatches**", route -> route.abort());
    page.navigate(http + "/");
    assertThat(page.locator("html[data-live=live]")).hasCount(1, LIVE);
    page.evaluate("window.notReloaded = true");

    disagree("TXN-SOCKET");

    assertThat(page.getByText("TXN-SOCKET").first()).isVisible(PATIENTLY);
    assertThat(page.evaluate("window.notReloaded")).isEqualTo(true);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void anEngineThatDiesMakesThePageStaleAndItsReturnHealsIt() throws Exception {
    Page page = browser.page(1_440, null);
    page.navigate(http + "/ui/");
    disagree("TXN-BEFORE");
    assertThat(page.getByText("TXN-BEFORE").first()).isVisible(PATIENTLY);

    node.kill();
    assertThat(page.getByText("stale since").first()).isVisible(PATIENTLY);
    assertThat(page.locator("html[data-live=stale]")).hasCount(1, LIVE);

    node = launch(URI.create(http).getPort());
    node.event("ready");
    disagree("TXN-AFTER");
    assertThat(page.getByText("TXN-AFTER").first()).isVisible(PATIENTLY);
    assertThat(page.locator("html[data-live=live]")).hasCount(1, LIVE);
    assertThat(page.getByText("TXN-BEFORE").first()).isVisible(PATIENTLY);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void everyPageInBothThemesAndWidths() throws Exception {
    Files.createDirectories(PICTURES);
    disagree("TXN1003");
    for (int width : List.of(1_440, 390)) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        Page page = browser.page(width, scheme);
        page.navigate(http + "/ui/");
        assertThat(page.getByText("TXN1003").first()).isVisible(PATIENTLY);
        picture(page, "overview", width, scheme);
        page.navigate(http + "/ui/transactions/TXN1003?reconciliation=settlement");
        assertThat(page.getByText("AMOUNT_MISMATCH").first()).isVisible(PATIENTLY);
        picture(page, "transaction", width, scheme);
        page.context().close();
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  /** Nothing may be wider than the window. */
  private static void picture(Page page, String name, int width, ColorScheme scheme) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(
                PICTURES.resolve(
                    "%s-%d-%s.png".formatted(name, width, scheme).toLowerCase(Locale.ROOT))));
    assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).intValue())
        .as("%s at %d px", name, width)
        .isLessThanOrEqualTo(width);
  }
}
