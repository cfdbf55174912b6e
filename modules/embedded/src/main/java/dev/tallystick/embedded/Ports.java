package dev.tallystick.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class Ports {
  static final String LOOPBACK = "127.0.0.1";

  private Ports() {}

  /**
   * A port that was free a moment ago. Nobody holds it until the server binds it: a caller that may
   * choose again should, when its server finds the port {@linkplain #isTaken taken}.
   */
  static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + LOOPBACK, e);
    }
  }

  static boolean isTaken(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  /** The wanted port, or a free one for 0. */
  static int choose(int wanted, String server) {
    if (wanted == 0) {
      return free();
    }
    if (isTaken(wanted)) {
      throw new EmbeddedUnavailable(
          "port " + wanted + " for " + server + " is taken; choose another or 0 for a free one");
    }
    return wanted;
  }
}
