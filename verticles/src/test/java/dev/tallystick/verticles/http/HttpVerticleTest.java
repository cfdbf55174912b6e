package dev.tallystick.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request may cost, and whose it may be, told by sockets. */
@NullUnmarked // what is started before each is there in each
class HttpVerticleTest {

  private static final int TIMEOUT_MS = 20_000;
  private static final int CONNECTIONS_MAX = 40;
  private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\n";

  private final Promise<Void> answered = Promise.promise();
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final List<Socket> open = new ArrayList<>();
  private Vertx vertx;
  private HttpVerticle http;
  private String deployment;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    http = new HttpVerticle("127.0.0.1", 0, List.of(this::mount), CONNECTIONS_MAX);
    deployment = get(vertx.deployVerticle(http));
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : open) {
      socket.close();
    }
    get(vertx.close());
  }

  private void mount(Router router) {
    new Bodies()
        .read(router.post("/body"))
        .handler(request -> request.response().end("" + request.body().length()));
    router.get("/well").handler(request -> request.response().end("well"));
    router.get("/files/*").handler(request -> request.response().end("file"));
    router
        .get("/socket")
        .handler(request -> request.request().toWebSocket().onFailure(request::fail));
    router
        .post("/slow")
        .handler(
            request -> {
              begun.complete(null);
              answered.future().onSuccess(now -> request.response().end("late"));
            });
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Socket say(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.actualPort());
    open.add(socket);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  /** The head of the next answer. */
  private static String head(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private String answer(String text) throws IOException {
    try (Socket socket = say(text)) {
      return head(socket);
    }
  }

  private static String post(String path, String headers) {
    return "POST " + path + HEAD + headers + "\r\n";
  }

  @Test
  void memoryForBodiesIsReservedBeforeTheyAreReadAndGivenBackOnce() throws Exception {
    String whole = post("/body", "Content-Length: " + Bodies.BODY_MAX + "\r\n");
    String chunked = post("/body", "Transfer-Encoding: chunked\r\n");
    for (int round = 0; round < 2; round++) {
      List<Socket> waiting = new ArrayList<>();
      for (int i = 0; i < Bodies.TOTAL_MAX / Bodies.BODY_MAX; i++) {
        waiting.add(say(i % 2 == 0 ? whole : chunked));
      }
      await().until(() -> answer(post("/body", "Content-Length: 1\r\n") + "x").contains(" 503 "));
      assertThat(answer(post("/body", "Content-Length: 1\r\n") + "x"))
          .containsIgnoringCase("retry-after: 2");
      assertThat(answer("GET /well" + HEAD + "\r\n")).contains(" 200 ");
      waiting.removeLast().close();
      await().until(() -> answer(post("/body", "Content-Length: 1\r\n") + "x").contains(" 200 "));
      for (Socket socket : waiting) {
        socket.close();
      }
      await().until(() -> answer(whole + "x".repeat(Bodies.BODY_MAX)).contains(" 200 "));
    }
  }

  @Test
  void aBodyThatIsTooLongIsRefusedUnread() throws Exception {
    String head = answer(post("/body", "Content-Length: " + (Bodies.BODY_MAX + 1) + "\r\n"));
    assertThat(head).contains(" 413 ").containsIgnoringCase("connection: close");
  }

  @Test
  void aRouteThatTakesNoBodyReadsNone() throws Exception {
    try (Socket socket = say("GET /well" + HEAD + "Content-Length: 100000000\r\n\r\n")) {
      assertThat(head(socket)).contains(" 200 ").containsIgnoringCase("connection: close");
      assertThat(socket.getInputStream().readAllBytes()).as("it ends").hasSize(4);
    }
    String small =
        "GET /well" + HEAD + "Content-Type: multipart/form-data\r\nContent-Length: 3\r\n";
    try (Socket socket = say(small + "\r\nabcGET /well" + HEAD + "\r\n")) {
      assertThat(head(socket)).contains(" 200 ");
      assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
      assertThat(head(socket)).as("the connection goes on").contains(" 200 ");
    }
  }

  @Test
  void oneConnectionTooManyIsClosed() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
      sockets.add(say("GET /well" + HEAD + "\r\n"));
      assertThat(head(sockets.getLast())).contains(" 200 ");
    }
    assertThat(isServed()).isFalse();
    sockets.removeLast().close();
    await().until(this::isServed);
  }

  private boolean isServed() {
    try {
      return answer("GET /well" + HEAD + "\r\n").contains(" 200 ");
    } catch (IOException e) {
      return false; // closed while it was written to
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | 200",
        "LOCALHOST:8000 | 200",
        "ui.localhost | 200",
        "127.0.0.1:1 | 200",
        "127.255.0.9 | 200",
        "[::1]:8000 | 200",
        "rebound.example | 421",
        "127.0.0.1.rebound.example | 421",
        "127.0.0.256 | 421",
        "localhost.example | 421",
        "10.0.0.1 | 421",
        "a b | 400",
      })
  void onALoopbackAddressItIsCalledLocalhost(String host, int status) throws Exception {
    assertThat(answer("GET /well HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
        .contains(" " + status + " ");
  }

  @Test
  void onAnyOtherAddressItIsCalledAnything() throws Exception {
    http = new HttpVerticle("0.0.0.0", 0, List.of(this::mount));
    get(vertx.deployVerticle(http));
    assertThat(answer("GET /well HTTP/1.1\r\nHost: pay.example\r\n\r\n")).contains(" 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8000, 200",
    "HTTPS://LocalHost:8000, 200",
    "http://localhost, 403",
    "http://localhost:80001, 403",
    "http://evil.example, 403",
    "null, 403",
    "localhost:8000, 403",
  })
  void onlyPagesOfThisHostChangeAnything(String origin, int status) throws Exception {
    String headers = " HTTP/1.1\r\nHost: localhost:8000\r\nOrigin: " + origin + "\r\n";
    assertThat(answer("POST /body" + headers + "Content-Length: 1\r\n\r\nx"))
        .contains(" " + status + " ");
    assertThat(answer("GET /well" + headers + "\r\n")).contains(" 200 ");
    assertThat(answer("POST /body" + headers + "Origin: " + origin + "\r\n\r\n"))
        .as("two of them")
        .contains(" 403 ");
  }

  @Test
  void whatIsAllowedIsSaidWithEvery405() throws Exception {
    for (String path : List.of("/well", "/well/", "/files/a/b", "/files/")) {
      assertThat(answer("DELETE " + path + HEAD + "\r\n"))
          .contains(" 405 ")
          .containsIgnoringCase("allow: GET, HEAD\r\n");
    }
  }

  @Test
  void whatIsBegunIsAnsweredBeforeItStopsAndNoWebSocketIsWaitedFor() throws Exception {
    Socket webSocket =
        say(
            "GET /socket"
                + HEAD
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    assertThat(head(webSocket)).contains(" 101 ");
    try (Socket slow = say(post("/slow", "Content-Length: 1\r\n") + "x")) {
      begun.get(20, TimeUnit.SECONDS);
      Future<?> stopping = vertx.undeploy(deployment);
      assertThat(webSocket.getInputStream().read()).as("it ends").isNegative();
      assertThat(stopping.isComplete()).as("a request is under way").isFalse();
      answered.complete();
      assertThat(head(slow)).contains(" 200 ");
      get(stopping);
    }
  }
}
