package dev.tallystick.launcher.node;

import static dev.tallystick.launcher.node.ApiStage.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallystick.launcher.node.ServedContract.Parameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The read side of the API on a real node: what it tells is what the servers hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what is started before all is there in each
class ApiIT {

  private static final String ODD_ID = "way/of all+ü€";

  private ApiStage api;
  private ServedContract contract;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    api = ApiStage.open(directory);
    contract = ServedContract.of(api.node.vertx(), api.get("/openapi.json").body());
  }

  @AfterAll
  void stop() {
    if (api != null) {
      api.close();
    }
  }

  @Test
  void everyExampleOfTheContractIsAnsweredAsTheContractSays() throws Exception {
    int asked = 0;
    for (String path : reads()) {
      List<String> queries = new ArrayList<>(List.of(""));
      List<String> together = new ArrayList<>();
      String at = path;
      for (Parameter parameter : contract.parameters(path, "get")) {
        if (parameter.example() == null) {
          continue;
        }
        if (parameter.in().equals("path")) {
          at = at.replace("{" + parameter.name() + "}", encoded(exampleOf(path, parameter)));
        } else {
          String one = parameter.name() + "=" + encoded(text(parameter.example()));
          queries.add("?" + one);
          together.add(one);
        }
      }
      queries.add("?" + String.join("&", together));
      for (String query : queries) {
        HttpResponse<String> response = api.get(at + (query.equals("?") ? "" : query));
        assertThat(response.statusCode()).as("%s%s %s", at, query, response.body()).isEqualTo(200);
        contract.judge(path, "get", response);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(60);
  }

  /** Where the dead letter lies, and who keeps its topic, is for the servers to say. */
  private String exampleOf(String path, Parameter parameter) throws Exception {
    if (path.startsWith("/dead-letters/")) {
      JsonObject letter = api.json("/dead-letters").getJsonArray("items").getJsonObject(0);
      return String.valueOf(letter.getValue(parameter.name()));
    }
    return text(parameter.example());
  }

  private static String text(Object example) {
    return example instanceof JsonArray many
        ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(example);
  }

  private List<String> reads() {
    return contract.operations().entrySet().stream()
        .filter(entry -> entry.getValue().contains("get"))
        .map(Map.Entry::getKey)
        .filter(path -> !path.startsWith("/test/"))
        .toList();
  }

  @Test
  void oneTransactionIsToldWithComparisonAndStory() throws Exception {
    JsonObject told = api.json("/transactions/TXN1003");

    assertThat(told.getString("state")).isEqualTo("MISMATCHED");
    assertThat(told.getString("label")).isEqualTo("AMOUNT_MISMATCH");
    assertThat(told.getString("reference")).isEqualTo("gateway");
    assertThat(told.getLong("amount")).isEqualTo(5_000);
    assertThat(told.getJsonObject("matrix").getJsonArray("sources"))
        .containsExactly("gateway", "bank");
    assertThat(told.getJsonObject("matrix").getJsonArray("cells").getJsonArray(0))
        .isEqualTo(
            new JsonArray(
                """
                [{"value": 5000, "differs": false}, {"value": 4500, "differs": true}]
                """));
    assertThat(told.getJsonArray("mismatches").getJsonObject(0).getLong("delta")).isEqualTo(-500);
    assertThat(told.getJsonArray("events").getJsonObject(0).getString("topic"))
        .isEqualTo("gateway_txns");
    assertThat(told.getJsonArray("timeline").stream().map(each -> ((JsonObject) each)))
        .extracting(moment -> moment.getString("text"))
        .containsExactly(
            "gateway reports PAYMENT_CAPTURED SUCCESS, 50.00 INR",
            "bank reports PAYMENT_CAPTURED SUCCESS, 45.00 INR",
            "bank differs in amount: 45.00 INR instead of 50.00 INR");
  }

  @Test
  void anIdMayHoldAnything() throws Exception {
    assertThat(api.json("/transactions/" + encoded(ODD_ID)).getString("txn_id")).isEqualTo(ODD_ID);
    assertThat(api.json("/txns/" + encoded(ODD_ID)).getJsonArray("mismatches"))
        .containsExactly("AMOUNT");
    assertThat(api.json("/transactions?q=" + encoded("way/of all+")).getJsonArray("items"))
        .hasSize(1);
  }

  @Test
  void whatHasNoRowYetIsToldFromTheOwnersMemory() throws Exception {
    // A payment that only the gateway knows: its row comes after `materialize-after`.
    api.report("gateway", "TXN-FRESH", 4_200, "");
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> api.get("/txns/TXN-FRESH").statusCode() == 200);
    HttpResponse<String> state = api.get("/txns/TXN-FRESH");
    contract.judge("/txns/{id}", "get", state);
    HttpResponse<String> detail = api.get("/transactions/TXN-FRESH");
    contract.judge("/transactions/{id}", "get", detail);
    JsonObject told = new JsonObject(detail.body());
    assertThat(told.getString("label")).isEqualTo("GATEWAY_RECEIVED");
    assertThat(told.getJsonObject("deadlines").getString("bank")).isNotNull();
    assertThat(told.getJsonArray("events")).hasSize(1);
    if (told.getLong("version") == 0) {
      assertThat(told.getValue("updated_at")).isNull();
      assertThat(told.getValue("rule_version")).isNull();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.json("/txns/TXN-FRESH").getString("state").equals("OVERDUE"));
  }

  @Test
  void severalReconciliationsWithOneIdAreToldApart() throws Exception {
    api.report("gateway", "TXN-TWICE", 900, "");
    api.report("gateway", "TXN-TWICE", 900, ",\"channel\":\"WEB\",\"event_id\":\"second\"");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> stage("select count(*) from transactions where txn_id = 'TXN-TWICE'") == 2);

    HttpResponse<String> several = api.get("/txns/TXN-TWICE");
    assertThat(several.statusCode()).isEqualTo(300);
    contract.judge("/txns/{id}", "get", several);
    contract.judge("/transactions/{id}", "get", api.get("/transactions/TXN-TWICE"));
    assertThat(
            api.json("/transactions/TXN-TWICE?reconciliation=payments").getString("reconciliation"))
        .isEqualTo("payments");
    assertThat(api.get("/txns/TXN-TWICE?reconciliation=none").statusCode()).isEqualTo(404);
  }

  @Test
  void aRowInOneReconciliationDoesNotHideWhatHasArrivedInAnother() throws Exception {
    api.pair("TXN-BOTH", 800, 800);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.get("/txns/TXN-BOTH").body().contains("MATCHED"));

    api.report("gateway", "TXN-BOTH", 800, ",\"channel\":\"WEB\",\"event_id\":\"other\"");

    await().until(() -> api.get("/txns/TXN-BOTH").statusCode() == 300);
    JsonArray items = new JsonObject(api.get("/txns/TXN-BOTH").body()).getJsonArray("items");
    assertThat(items.stream().map(each -> ((JsonObject) each).getInteger("version")))
        .as("payments from its owner's memory, settlement from its row")
        .containsExactlyInAnyOrder(0, 1);
  }

  private long stage(String sql) {
    return api.stage.count(sql);
  }

  @Test
  void pagesShowEverythingOnceWhateverComesInBetween() throws Exception {
    Set<String> seen = new LinkedHashSet<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonObject page = api.json("/transactions?q=TXN-0&limit=7&sort=-first_arrival" + cursor);
      for (Object item : page.getJsonArray("items")) {
        assertThat(seen.add(((JsonObject) item).getString("txn_id"))).isTrue();
      }
      String id = "TXN-0-NEW-" + pages;
      api.pair(id, 5, 5);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stage("select count(*) from transactions where txn_id = '" + id + "'") == 1);
      pages++;
      cursor = page.getString("next") == null ? null : "&cursor=" + encoded(page.getString("next"));
    } while (cursor != null);
    assertThat(pages).isGreaterThanOrEqualTo(4);
    assertThat(seen.stream().filter(id -> !id.startsWith("TXN-0-NEW-"))).hasSize(ApiStage.MATCHED);
  }

  @Test
  void filtersAreAllAskedAtOnce() throws Exception {
    String query =
        "/transactions?state=MISMATCHED,OVERDUE&type=AMOUNT&source=bank&currency=INR"
            + "&min_amount=5000&max_amount=5000&from=2020-01-01T00:00:00%2B05:30";
    assertThat(ids(query)).containsExactly("TXN1003");
    assertThat(ids(query + "&state=MATCHED&q=TXN2")).isEmpty();
    assertThat(ids("/mismatches?type=MISSING&q=TXN-MISS")).containsExactly("TXN-MISS");
    assertThat(ids("/mismatches?open=false&q=TXN-MISS")).isEmpty();
  }

  private List<String> ids(String query) throws Exception {
    return api.json(query).getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString("txn_id"))
        .toList();
  }

  @Test
  void figuresAgreeWithTheTables() throws Exception {
    JsonObject stats = api.json("/transactions/stats?reconciliation=settlement");
    long matched =
        stage(
            "select count(*) from transactions where reconciliation = 'settlement'"
                + " and state = 'MATCHED'");
    assertThat(stats.getJsonObject("by_state").getLong("MATCHED")).isEqualTo(matched);
    JsonObject none = api.json("/transactions/stats?reconciliation=none");
    assertThat(none.getLong("total")).isZero();
    assertThat(none.getValue("match_rate")).isNull();
    JsonObject mismatches = api.json("/mismatches/stats?reconciliation=settlement");
    assertThat(mismatches.getJsonObject("by_type").getLong("AMOUNT")).isEqualTo(2);
    assertThat(mismatches.getJsonArray("at_risk").getJsonObject(0).getString("currency"))
        .isEqualTo("INR");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /transactions?limit=0          | ?limit     | 0         | is not between 1 and 500
          /transactions?limit=501        | ?limit     | 501       | is not between 1 and 500
          /transactions?limit=1e1        | ?limit     | 1e1       | is not a whole number
          /transactions?limit=1&limit=2  | ?limit     | 1,2       | is given more than once
          /transactions?state=MATCHED,no | ?state     | no        | is none of PENDING, MATCHED, MISMATCHED, OVERDUE, RESOLVED
          /transactions?from=yesterday   | ?from      | yesterday | is not a time as 2025-12-18T10:15:30Z (in a query, a plus sign is %2B)
          /transactions?currency=inr     | ?currency  | inr       | is not of the form ^[A-Z]{3}$
          /transactions?cursor=abc       | ?cursor    | abc       | the cursor is damaged
          /mismatches?open=maybe         | ?open      | maybe     | is none of true, false, all
          /dead-letters?reason=WHY       | ?reason    | WHY       | is none of NOT_JSON, MISSING_FIELD, BAD_VALUE, UNKNOWN_SOURCE, UNKNOWN_CURRENCY, FRACTIONAL_AMOUNT, NO_KEY, KEY_MISMATCH, TOO_LARGE, SCHEMA_UNKNOWN, SCHEMA_INCOMPATIBLE, NO_RECONCILIATION, TOO_MANY_EVENTS
          /txns/X?limit=3                | ?limit     | 3         | there is no such parameter here; there are reconciliation
          /dead-letters/a/b/-1/0         | {partition}| -1        | is not between 0 and 2147483647
          """)
  void aWrongParameterIsNamedWithValueAndReason(
      String asked, String pointer, String value, String reason) throws Exception {
    HttpResponse<String> response = api.get(asked);

    assertThat(response.statusCode()).isEqualTo(400);
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getString("type")).isEqualTo("urn:tallystick:error:BAD_PARAMETER");
    assertThat(problem.getJsonArray("errors"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("pointer", pointer)
                        .put("value", value)
                        .put("reason", reason)));
  }

  @Test
  void whatIsNotThereIsAProblemToo() throws Exception {
    problem(api.get("/nothing"), 404, "NOT_FOUND");
    problem(api.get("/transactions/none"), 404, "NOT_FOUND");
    problem(api.get("/dead-letters/a/b/0/0"), 404, "NOT_FOUND");
    problem(api.get("/transactions/" + "x".repeat(257)), 400, "BAD_PARAMETER");
    problem(api.get("/transactions?q=" + "x".repeat(5_000)), 414, "URI_TOO_LONG");
    problem(api.send("POST", "/nothing", "x".repeat((4 << 20) + 1)), 404, "NOT_FOUND");
    problem(api.send("POST", "/events", "x".repeat((4 << 20) + 1)), 413, "TOO_LARGE");
    HttpResponse<String> form = api.form("/events", "a=b");
    problem(form, 415, "UNSUPPORTED_MEDIA_TYPE");
    HttpResponse<String> wrongMethod = api.send("DELETE", "/transactions/TXN1003", null);
    problem(wrongMethod, 405, "METHOD_NOT_ALLOWED");
    assertThat(wrongMethod.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @ParameterizedTest
  @CsvSource({
    "/transactions/%zz, 400",
    "/transactions/%, 400",
    "/transactions?q=%zz, 400",
    "/transactions?q=%00, 200",
    "/mismatches?reconciliation=%00, 200",
    "/transactions/%00, 404"
  })
  void whatNoClientLibraryWouldSend(String target, int status) throws Exception {
    try (RawHttp raw = new RawHttp(api.node.httpPort())) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      RawHttp.Answer answer = raw.ask(request.getBytes(StandardCharsets.ISO_8859_1), false);

      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(answer.headers())
          .containsEntry(
              "content-type", status == 200 ? "application/json" : "application/problem+json");
    }
  }

  private static void problem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(new JsonObject(response.body()).getString("code")).isEqualTo(code);
  }

  @Test
  void headIsGetWithoutABody() throws Exception {
    HttpResponse<String> head = api.send("HEAD", "/transactions/TXN1003", null);
    HttpResponse<String> get = api.get("/transactions/TXN1003");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-type"))
        .isEqualTo(get.headers().firstValue("content-type"))
        .contains("application/json");
  }

  @Test
  void everyAnswerTellsTheBrowserWhatNotToDo() throws Exception {
    for (String path : List.of("/transactions", "/nothing", "/health/live", "/docs", "/ui/x.js")) {
      HttpResponse<String> response = api.get(path);
      assertThat(response.headers().firstValue("referrer-policy")).as(path).contains("no-referrer");
      assertThat(response.headers().firstValue("content-security-policy").orElse(""))
          .as(path)
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'");
    }
    assertThat(api.get("/transactions").headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void theDocumentationIsServedWhole() throws Exception {
    assertThat(contract.document.getJsonArray("servers").getJsonObject(0).getString("url"))
        .isEqualTo("http://127.0.0.1:" + api.node.httpPort());
    String page = api.get("/docs").body();
    assertThat(page).contains("initializer.js").doesNotContain("https://");
    for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js", "initializer.js")) {
      assertThat(page).contains(file);
      assertThat(api.get("/docs/" + file).statusCode()).as(file).isEqualTo(200);
    }
    problem(api.get("/docs/swagger-ui.js"), 404, "NOT_FOUND");
    HttpResponse<String> root = api.get("/");
    assertThat(root.statusCode()).isEqualTo(302);
    assertThat(root.headers().firstValue("location")).contains("/ui/");
  }
}
