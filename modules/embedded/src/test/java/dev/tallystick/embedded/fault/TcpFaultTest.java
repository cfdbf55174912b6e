package dev.tallystick.embedded.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpFaultTest {
  private ServerSocket echo;
  private TcpFault fault;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
    fault = TcpFault.to("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    fault.close();
    fault.close();
    echo.close();
  }

  @Test
  void passesBytesAndTheEndOfTheStream() throws Exception {
    var sent = new byte[5_000_000];
    new Random(1).nextBytes(sent);
    try (var client = connect()) {
      var writer = Thread.ofVirtual().start(() -> send(client, sent));
      assertThat(Arrays.equals(client.getInputStream().readAllBytes(), sent)).isTrue();
      writer.join();
    }
    assertThat(fault.droppedCount()).isZero();
  }

  @Test
  void cutDropsAndRefusesUntilRestored() throws Exception {
    try (var client = connect()) {
      assertThat(ask(client, "a")).isEqualTo('a');
      fault.cut();
      assertThatThrownBy(() -> ask(client, "b")).isInstanceOf(IOException.class);
      assertThat(fault.droppedCount()).isEqualTo(1);
    }
    assertThatThrownBy(
            () -> {
              try (var client = connect()) {
                ask(client, "c");
              }
            })
        .isInstanceOf(IOException.class);
    await().until(() -> fault.refusedCount() == 1);
    fault.restore();
    try (var client = connect()) {
      assertThat(ask(client, "d")).isEqualTo('d');
    }
  }

  @Test
  void delaysEachDirection() throws Exception {
    try (var client = connect()) {
      assertThat(ask(client, "a")).isEqualTo('a');
      fault.delay(150);
      long start = System.nanoTime();
      assertThat(ask(client, "b")).isEqualTo('b');
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(300));
      fault.delay(0);
      assertThat(ask(client, "c")).isEqualTo('c');
    }
    assertThatThrownBy(() -> fault.delay(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWithoutATarget() throws Exception {
    try (var nowhere = TcpFault.open();
        var client = new Socket(nowhere.host(), nowhere.port())) {
      assertThatThrownBy(() -> ask(client, "a")).isInstanceOf(IOException.class);
      await().until(() -> nowhere.refusedCount() == 1);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(fault.host(), fault.port());
  }

  /** Sends one character and returns the answer; an end of the stream is a failure like a reset. */
  private static char ask(Socket socket, String question) throws IOException {
    socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
    int answer = socket.getInputStream().read();
    if (answer < 0) {
      throw new IOException("end of stream");
    }
    return (char) answer;
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void serve() {
    while (true) {
      try {
        var client = echo.accept();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (client) {
                    client.getInputStream().transferTo(client.getOutputStream());
                  } catch (IOException _) {
                    // cut
                  }
                });
      } catch (IOException _) {
        return;
      }
    }
  }
}
